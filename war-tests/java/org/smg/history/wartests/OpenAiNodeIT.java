package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** An application with OpenAI's own Node SDK changes its base URL and nothing else. */
@ServedBy(MEMORY)
class OpenAiNodeIT {

  private static final long MINUTES = 5;

  private final ApplicationServer server;

  OpenAiNodeIT(ApplicationServer server) {
    this.server = server;
  }

  @Test
  @EnabledIf(
      value = "nodeAndNpmAreThere",
      disabledReason = "node and npm are not on the PATH, so OpenAI's Node SDK was not tried")
  void theNodeSdkWorks() throws IOException, InterruptedException {
    Path folder = Path.of(System.getProperty("work")).toAbsolutePath().resolve("node");
    Files.createDirectories(folder);
    for (String file : List.of("package.json", "package-lock.json", "smoke.mjs")) {
      try (InputStream resource = getClass().getResourceAsStream("/node/" + file)) {
        Files.copy(
            Objects.requireNonNull(resource, file),
            folder.resolve(file),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }

    run(folder, "npm", "ci", "--no-audit", "--no-fund", "--prefer-offline");

    assertThat(run(folder, "node", "smoke.mjs", server.baseUrl() + "/v1")).endsWith("all well\n");
  }

  static boolean nodeAndNpmAreThere() {
    return Stream.of("node", "npm").allMatch(OpenAiNodeIT::onPath);
  }

  private static boolean onPath(String program) {
    return Stream.of(
            Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static String run(Path folder, String... command)
      throws IOException, InterruptedException {
    Path output = folder.resolve(command[0] + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    String said = Files.readString(output);
    assertThat(process.waitFor()).as(String.join(" ", command) + "%n%s", said).isZero();
    return said;
  }
}
