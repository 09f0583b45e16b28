package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** An application with OpenAI's own Node SDK changes its base URL and nothing else. */
@OnLiberty
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
    assertThat(runWithSdk("smoke.mjs", server.baseUrl() + "/v1")).endsWith("all well\n");
  }

  /** With {@code dangerouslyAllowBrowser}; the script asks and checks as a browser does. */
  @Test
  @EnabledIf(
      value = "nodeAndNpmAreThere",
      disabledReason = "node and npm are not on the PATH, so OpenAI's Node SDK was not tried")
  void theNodeSdkWorksInAPageOfAnOriginThatIsAllowed() throws IOException, InterruptedException {
    String origin = "https://chat.example";
    KeyRing keys = KeyRing.named("browser");
    String key = keys.create("acme", "alice", "history-user");
    Map<String, String> options = new TreeMap<>(MEMORY.options());
    options.putAll(keys.options("tenant"));
    options.put("HISTORY_CORS_ORIGINS", "http://localhost:3000," + origin);
    try (ApplicationServer allowing = TestServer.chosen().start("browser", options)) {
      String base = allowing.baseUrl() + "/v1";

      assertThat(runWithSdk("browser.mjs", base, origin, key)).endsWith("all well\n");
    }
  }

  private String runWithSdk(String script, String... arguments)
      throws IOException, InterruptedException {
    Path folder = Path.of(System.getProperty("work")).toAbsolutePath().resolve("node");
    Files.createDirectories(folder);
    for (String file : List.of("package.json", "package-lock.json", script)) {
      try (InputStream resource = getClass().getResourceAsStream("/node/" + file)) {
        Files.copy(
            Objects.requireNonNull(resource, file),
            folder.resolve(file),
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    run(folder, "npm", "ci", "--no-audit", "--no-fund", "--prefer-offline");
    List<String> command = new ArrayList<>(List.of("node", script));
    command.addAll(List.of(arguments));
    return run(folder, command.toArray(String[]::new));
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
