package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smg.history.FreePort;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.SampleTenant;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** TLS with certificates that are made for the test. */
class RedisTlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir Path files;

  @Test
  void aServerWithATrustedCertificateForItsNameIsUsed() throws Exception {
    Path pair = keyPair("right", "san=dns:localhost");
    try (TestRedis redis = server(pair);
        RedisStorage storage = storage(redis, pair)) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", message("msg_1"));

      assertThat(tenant.items(conversation)).containsExactly(message("msg_1"));
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsRefused() throws Exception {
    Path pair = keyPair("right", "san=dns:localhost");
    Path other = keyPair("other", "san=dns:localhost");
    try (TestRedis redis = server(pair);
        RedisStorage trustsOther = storage(redis, other);
        RedisStorage trustsThePlatform = TestRedis.open(url(redis))) {
      assertThatThrownBy(trustsOther::verify)
          .isInstanceOf(HistoryFailure.Unavailable.class)
          .hasMessageContaining("certification path");
      assertThatThrownBy(trustsThePlatform::verify)
          .isInstanceOf(HistoryFailure.Unavailable.class)
          .hasMessageContaining("certification path");
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    Path pair = keyPair("elsewhere", "san=dns:elsewhere.example");
    try (TestRedis redis = server(pair);
        RedisStorage storage = storage(redis, pair)) {
      assertThatThrownBy(storage::verify)
          .isInstanceOf(HistoryFailure.Unavailable.class)
          .hasMessageContaining("localhost");
    }
  }

  private static RedisStorage storage(TestRedis redis, Path trusted) {
    return new RedisStorage(
        TestRedis.options(url(redis)),
        TestRedis.rule(null),
        SslOptions.builder()
            .sslVerifyMode(SslVerifyMode.FULL)
            .truststore(trusted.toFile(), PASSWORD.toCharArray())
            .trustStoreType("PKCS12")
            .build(),
        ByteMeter.NONE);
  }

  private static String url(TestRedis redis) {
    return "rediss://localhost:" + tlsPort(redis);
  }

  /** The server's other port is without TLS, for the test itself. */
  private static int tlsPort(TestRedis redis) {
    return Integer.parseInt(redis.setting("tls-port"));
  }

  private TestRedis server(Path pair) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(pair)) {
      store.load(in, PASSWORD.toCharArray());
    }
    Path key = pem("PRIVATE KEY", store.getKey("pair", PASSWORD.toCharArray()).getEncoded(), pair);
    Path certificate = pem("CERTIFICATE", store.getCertificate("pair").getEncoded(), pair);
    return TestRedis.start(
        "tls-port " + FreePort.find(),
        "tls-cert-file " + certificate,
        "tls-key-file " + key,
        "tls-ca-cert-file " + certificate,
        "tls-auth-clients no");
  }

  private static Path pem(String what, byte[] der, Path beside) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        Path.of(beside + "." + what.replace(' ', '-')),
        "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
  }

  private Path keyPair(String name, String extension) throws Exception {
    Path file = files.resolve(name + ".p12");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "pair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
    command.addAll(
        List.of(
            "-validity",
            "2",
            "-dname",
            "CN=" + name,
            "-ext",
            extension,
            "-ext",
            "bc=ca:true",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD));
    Process keytool = new ProcessBuilder(command).inheritIO().start();
    assertThat(keytool.waitFor()).isZero();
    return file;
  }
}
