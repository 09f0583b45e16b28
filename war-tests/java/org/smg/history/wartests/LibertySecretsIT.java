package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Secrets for the application and its data source: as Liberty's {@code securityUtility encode}
 * writes them, and in a file.
 */
@OnLiberty
class LibertySecretsIT {

  private static final String KEY = "a key of this test";

  @ParameterizedTest
  @CsvSource({
    "REDIS, REDIS_URL, --encoding=xor",
    "REDIS, REDIS_URL, --encoding=aes",
    "POSTGRES, POSTGRES_DB_URL, --encoding=aes"
  })
  void anEncodedUrlIsDecodedForTheApplicationAndItsDataSource(
      TestBackend backend, String variable, String encoding) throws Exception {
    Map<String, String> options = new TreeMap<>(backend.options());
    options.put(variable, encode(encoding, options.get(variable)));
    try (LibertyServer server =
        LibertyServer.named("encoded-secrets")
            .environment(options)
            .override(
                "key.xml",
                """
                <server>
                  <variable name="wlp.password.encryption.key" value="%1$s"/>
                  <jndiEntry jndiName="history/%2$s" value="${%2$s}" decode="true"/>
                </server>
                """
                    .formatted(KEY, variable.toLowerCase(Locale.ROOT).replace('_', '-')))
            .start()) {
      Fixtures.conversation(server.http());

      assertThat(server.log()).doesNotContain(options.get(variable));
    }
  }

  @Test
  void theUrlOfPostgresIsReadFromAFile(@TempDir Path folder) throws IOException {
    SecretFilesIT.assertRuns(TestBackend.POSTGRES, "POSTGRES_DB_URL", folder);
  }

  @Test
  void withoutTheKeyTheServerDoesNotStart() throws Exception {
    String encoded = encode("--encoding=aes", "redis://:s3cret@localhost:1");
    try (LibertyServer server =
        LibertyServer.named("encoded-secrets")
            .environment(Map.of("HISTORY_BACKEND", "redis", "REDIS_URL", encoded))
            .make()) {
      server.launch();

      assertThat(server.awaitEnd()).isEqualTo(1);
      assertThat(server.log()).contains("redis-url: is encoded, and the server does not decode it");
      assertThat(server.log()).doesNotContain("s3cret");
    }
  }

  private static String encode(String encoding, String secret)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("liberty.home"), "bin", "securityUtility").toString(),
                "encode",
                encoding,
                secret));
    if (encoding.endsWith("aes")) {
      command.add(2, "--key=" + KEY);
    }
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().reduce((first, last) -> last).orElseThrow();
  }
}
