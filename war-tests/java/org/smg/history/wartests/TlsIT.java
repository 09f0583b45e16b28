package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.FreePort;

/** TLS with the administrator's keystore, on a server that opens no other port. */
@OnLiberty
@TestInstance(Lifecycle.PER_CLASS)
class TlsIT {

  private static final String PASSWORD = "changeit";

  private Path folder;
  private Path keystore;
  private int port;
  private LibertyServer server;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    keystore = keystore("server.p12");
    port = FreePort.find();
    Map<String, String> environment = new TreeMap<>(withKeystore(keystore, PASSWORD));
    environment.put("HTTPS_PORT", Integer.toString(port));
    environment.put("HTTP_PORT", "-1");
    environment.put("HISTORY_AUTH", "container");
    environment.put("HISTORY_CONTAINER_TENANT", "acme");
    server =
        LibertyServer.named("tls")
            .environment(environment)
            .realm(List.of(new RealmUser("alice", "history-user")))
            .make();
    server.launch();
    server.awaitLogged(".*CWWKT0016I: Web application available.*https://localhost:" + port + "/");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static Map<String, String> withKeystore(Path file, String password) {
    return Map.of("HTTPS_KEYSTORE", file.toString(), "HTTPS_KEYSTORE_PASSWORD", password);
  }

  @Test
  void theServiceIsServedWithTheCertificate() throws Exception {
    assertThat(served().statusCode()).isEqualTo(200);
  }

  /** No page of another site makes a browser send it, no script reads it, no network sees it. */
  @Test
  void theCookieOfALoginIsStrict() throws Exception {
    assertThat(served().headers().allValues("Set-Cookie"))
        .hasSize(1)
        .allSatisfy(
            cookie -> assertThat(cookie).contains("; Secure", "; HttpOnly", "; SameSite=Strict"));
  }

  private HttpResponse<String> served() throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting(keystore)).build();
    String login = "alice:" + RealmUser.PASSWORD;
    return client.send(
        HttpRequest.newBuilder(URI.create("https://localhost:%d/v1/conversations".formatted(port)))
            .header(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(login.getBytes()))
            .build(),
        BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void thisProtocolIsSpoken(String protocol) throws Exception {
    assertThat(negotiated(protocol)).isEqualTo(protocol);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1", "TLSv1.1"})
  void thisOneIsRefused(String protocol) {
    assertThatThrownBy(() -> negotiated(protocol)).isInstanceOf(SSLException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "server.p12, wrong, https.keystore: '%s' cannot be opened with https.keystore.password (IOException)",
    "server.p12, '', https.keystore.password: is required with https.keystore",
    "none.p12, changeit, https.keystore: '%s' is not the absolute path of a file",
    "text.p12, changeit, https.keystore: '%s' cannot be opened with https.keystore.password (KeyStoreException)"
  })
  void aKeystoreThatCannotBeUsedEndsTheServer(String file, String password, String fault)
      throws IOException {
    Files.writeString(folder.resolve("text.p12"), "no keystore");
    Path used = folder.resolve(file);
    try (LibertyServer refused =
        LibertyServer.named("tls-refused").environment(withKeystore(used, password)).make()) {
      refused.launch();

      assertThat(refused.awaitEnd()).isEqualTo(1);
      assertThat(refused.read("console.log").lines())
          .contains("[ERROR   ] " + fault.formatted(used));
    }
  }

  private Path keystore(String name) throws IOException, InterruptedException {
    Path file = folder.resolve(name);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    return file;
  }

  private static SSLContext trusting(Path keystore) throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private String negotiated(String protocol) throws GeneralSecurityException, IOException {
    try (SSLSocket socket =
        (SSLSocket)
            trusting(keystore)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }
}
