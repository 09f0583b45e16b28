package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smg.history.FreePort;

/** The packaged server, as somebody finds it who has unzipped it and has a Java runtime. */
@TestInstance(Lifecycle.PER_CLASS)
@OnLiberty
class DistIT {

  private Path root;

  /** What is in the server's folder before it runs. */
  private List<String> shipped;

  @BeforeAll
  void unzip(@TempDir Path folder) throws IOException {
    Path zip = Path.of(System.getProperty("dist"));
    try (FileSystem inside =
            FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", true));
        Stream<Path> entries = Files.walk(inside.getPath("/"))) {
      for (Path entry : entries.toList()) {
        Path target = folder.resolve(entry.toString().substring(1));
        if (Files.isDirectory(entry)) {
          Files.createDirectories(target);
        } else {
          Files.copy(entry, target);
          Files.setPosixFilePermissions(target, Files.getPosixFilePermissions(entry));
        }
      }
    }
    root = folder.resolve("history-server");
    try (Stream<Path> files = Files.list(server())) {
      shipped = files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Path server() {
    return root.resolve("usr/servers/defaultServer");
  }

  @Test
  void itHoldsWhatShipsAndNothingOfTheMachineThatBuiltIt() throws IOException {
    assertThat(server().resolve("server.xml"))
        .hasSameTextualContentAs(Path.of(System.getProperty("liberty.config"), "server.xml"));
    assertThat(server().resolve("apps/history.war"))
        .hasSameBinaryContentAs(Path.of(System.getProperty("war")));
    assertThat(root.resolve("db-scripts/postgres/V1__history.sql")).exists();
    assertThat(List.of("README.md", "NOTICE.md", "LICENSE", "NOTICES"))
        .allSatisfy(name -> assertThat(root.resolve(name)).isNotEmptyFile());
    assertThat(shipped)
        .containsExactlyInAnyOrder("server.xml", "jvm.options", "apps", "drivers", "configDropins");
  }

  /** A scanner gets all libraries of the WAR, with the versions that are in it. */
  @Test
  void itListsTheLibrariesOfTheApplication() throws IOException {
    JsonNode sbom = new JsonMapper().readTree(Files.readAllBytes(root.resolve("sbom.json")));
    assertThat(sbom.path("bomFormat").textValue()).isEqualTo("CycloneDX");
    List<String> listed =
        StreamSupport.stream(sbom.path("components").spliterator(), false)
            .map(
                one ->
                    one.path("name").textValue() + "-" + one.path("version").textValue() + ".jar")
            .toList();

    try (FileSystem war = FileSystems.newFileSystem(server().resolve("apps/history.war"));
        Stream<Path> libraries = Files.list(war.getPath("/WEB-INF/lib"))) {
      assertThat(libraries.map(library -> library.getFileName().toString()))
          .isNotEmpty()
          .isSubsetOf(listed);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"MEMORY", "POSTGRES", "REDIS"})
  void itRunsWithEnvironmentVariablesOnly(TestBackend backend)
      throws IOException, InterruptedException {
    int port = FreePort.find();
    ProcessBuilder command = new ProcessBuilder("bin/server", "run").directory(root.toFile());
    Map<String, String> variables = command.environment();
    variables.keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("HTTP_PORT", Integer.toString(port));
    variables.put("HISTORY_BACKEND", backend.name().toLowerCase(Locale.ROOT));
    variables.putAll(backend.environment());
    Path log = root.resolveSibling(backend + ".log");
    Http http = new Http(port);

    Instant start = Instant.now();
    Process server = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Writers.await("the server is not ready", () -> !server.isAlive() || ready(http));
      assertThat(server.isAlive()).as(Files.readString(log)).isTrue();
      System.out.printf(
          "%s: first 200 after %d ms%n",
          backend, Duration.between(start, Instant.now()).toMillis());

      String conversation = Fixtures.conversation(http, List.of("1", "2"));

      assertThat(stored(http.get(Fixtures.items(conversation))).ids()).hasSize(2);
    } finally {
      server.destroy();
      if (!server.waitFor(60, TimeUnit.SECONDS)) {
        server.destroyForcibly().waitFor();
      }
    }
    assertThat(Files.readString(log)).doesNotContain("[ERROR", "[WARNING");
  }

  @Test
  void itsCommandMakesKeys() throws IOException, InterruptedException {
    Path keys = root.resolveSibling("keys");
    ProcessBuilder command =
        new ProcessBuilder(
                "bin/history-keys",
                "create",
                "--tenant",
                "acme",
                "--user",
                "alice",
                "--roles",
                "history-user",
                "--expires",
                "never")
            .directory(root.toFile());
    Map<String, String> variables = command.environment();
    variables.keySet().retainAll(List.of("PATH", "HOME", "LANG", "TMPDIR"));
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("HISTORY_API_KEYS_FILE", keys.toString());

    Process process = command.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said.lines().reduce((first, last) -> last)).get().asString().startsWith("hk_");
    assertThat(keys).isNotEmptyFile();
  }

  private static boolean ready(Http http) {
    try {
      return http.get("/health/ready").status() == 200;
    } catch (UncheckedIOException notListening) {
      return false;
    }
  }
}
