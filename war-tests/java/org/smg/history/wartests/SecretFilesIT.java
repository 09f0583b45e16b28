package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets in files, as orchestrators mount them. */
@OnLiberty
class SecretFilesIT {

  @Test
  void theUrlOfRedisIsReadFromAFile(@TempDir Path folder) throws IOException {
    assertRuns(TestBackend.REDIS, "REDIS_URL", folder);
  }

  static void assertRuns(TestBackend backend, String variable, Path folder) throws IOException {
    Map<String, String> options = new TreeMap<>(backend.options());
    Path file = Files.writeString(folder.resolve("url"), options.remove(variable) + "\n");
    options.put(variable + "_FILE", file.toString());
    try (ApplicationServer server = TestServer.chosen().start("secret-files", options)) {
      Fixtures.conversation(server.http());

      assertThat(server.log()).doesNotContain(Files.readString(file).strip());
    }
  }
}
