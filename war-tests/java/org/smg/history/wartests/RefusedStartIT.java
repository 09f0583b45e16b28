package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A start that fails ends the server with a line for each fault and an exit status. */
@OnLiberty
class RefusedStartIT {

  private static final String END =
      "[ERROR   ] The history did not start, and the server ends with exit status 1"
          + " (history-exit-on-failed-start=true)";

  /** A line of ours; those of Open Liberty begin with a code. */
  private static final Pattern FAULT = Pattern.compile("\\[ERROR   ] [a-z.-]+: .*");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HISTORY_BACKEND=mongo |"
            + " [ERROR   ] history-backend: 'mongo' is unknown; allowed are memory, none, oracle, postgres, redis",
        "HTTP_PORT=http HISTORY_MAX_BODY_BYTES=32MB MEMORY_MAX_MEGABYTES=-1"
            + " HISTORY_BACKEND=memory REDIS_RETENTION_DAYS=0 |"
            + " [ERROR   ] history-max-body-bytes: '32MB' is not a whole number from 1 to 1073741824 &"
            + " [ERROR   ] http.port: 'http' is neither a whole number from 1 to 65535 nor -1 for no port without TLS &"
            + " [ERROR   ] memory-max-megabytes: '-1' is not a whole number from 1 to 2147483647",
        "HTTP_PORT=-1 HISTORY_CORS_ORIGINS=* HISTORY_LIMIT_REQUESTS_PER_MINUTE=-1 |"
            + " [ERROR   ] history-cors-origins: '*' is no list of origins; allowed are scheme and host in lower case,"
            + " with a port if it is not the scheme's own, such as https://chat.example,http://localhost:3000 &"
            + " [ERROR   ] history-limit-requests-per-minute: '-1' is not a whole number from 0 to 9999999 &"
            + " [ERROR   ] http.port: '-1' needs https.keystore, or no port is open",
        "HISTORY_AUTH=api-key MEMORY_MAX_MEGABYTES=-1 |"
            + " [ERROR   ] history-api-keys-file: is required with history-auth=api-key &"
            + " [ERROR   ] memory-max-megabytes: '-1' is not a whole number from 1 to 2147483647",
        "HISTORY_BACKEND=redis REDIS_RETENTION_DAYS=0 REDIS_URL=redis://localhost"
            + " MEMORY_MAX_MEGABYTES=-1 |"
            + " [ERROR   ] redis-retention-days: '0' is neither a whole number of days from 1 to 36500 nor -1"
            + " for ever",
      })
  void allFaultsOfTheStartAreToldBeforeTheServerEnds(String variables, String lines) {
    Map<String, String> environment =
        Arrays.stream(variables.split(" "))
            .map(variable -> variable.split("="))
            .collect(Collectors.toMap(variable -> variable[0], variable -> variable[1]));
    try (LibertyServer server = LibertyServer.named("refused").environment(environment).make()) {
      server.launch();

      assertThat(server.awaitEnd()).isEqualTo(1);
      List<String> said = server.read("console.log").lines().toList();
      assertThat(said.stream().filter(FAULT.asMatchPredicate()))
          .containsExactly(lines.split(" & "));
      assertThat(said).contains(END).noneMatch(line -> line.contains("at org.smg.history"));
    }
  }

  @Test
  void aPortThatIsInUseEndsTheServer() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        LibertyServer server =
            LibertyServer.named("port-in-use")
                .environment(Map.of("HTTP_PORT", Integer.toString(taken.getLocalPort())))
                .make()) {
      server.launch();

      assertThat(server.awaitEnd()).isEqualTo(1);
      assertThat(server.read("console.log").lines())
          .containsSubsequence(
              "[ERROR   ] http.port: cannot listen on localhost:%d; set HTTP_PORT to a port that is"
                      .formatted(taken.getLocalPort())
                  + " free, and HTTP_HOST to a name or an address of this machine",
              END);
    }
  }

  /** It closes its port first, which is no failed start. */
  @Test
  void aServerThatIsStoppedSoonEndsAsOneThatIsStopped() throws IOException {
    try (LibertyServer server = LibertyServer.named("stopped-soon").start()) {
      assertThat(server.stopByCommand()).isZero();
      assertThat(server.log()).doesNotContain("cannot listen", "[ERROR");
    }
  }

  /** What a WAR can be like so that nothing of the application runs. */
  enum BrokenWar {
    MISSING("apps/history.war is missing"),
    REFUSED("The application history was not started by the server");

    private final String said;

    BrokenWar(String said) {
      this.said = said;
    }

    void put(Path war) throws IOException {
      switch (this) {
        case MISSING -> Files.delete(war);
        case REFUSED -> {
          try (FileSystem inside = FileSystems.newFileSystem(war)) {
            Files.writeString(inside.getPath("WEB-INF/web.xml"), "<web-app");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWarThatCannotRunEndsThePackagedServer(BrokenWar broken) throws IOException {
    try (LibertyServer server = watched("broken-war").make()) {
      broken.put(server.folder().resolve("apps/history.war"));

      server.launch();

      assertThat(server.awaitEnd()).isEqualTo(1);
      assertThat(server.read("console.log")).contains("[ERROR   ] " + broken.said);
    }
  }

  @Test
  void aWarThatRunsIsLeftAlone() throws IOException {
    try (LibertyServer server = watched("watched").start()) {
      assertThat(server.http().get("/health/ready").status()).isEqualTo(200);
      assertThat(server.read("console.log")).doesNotContain("[ERROR", "[WARNING");
    }
  }

  /** With the second WAR of the package. */
  private static LibertyServer.Setup watched(String name) throws IOException {
    String config = "configDropins/defaults/history-watch.xml";
    return LibertyServer.named(name)
        .file("apps/history-watch.war", Files.readAllBytes(property("watch.war")))
        .file(config, Files.readAllBytes(property("watch.config").resolve(config)));
  }

  private static Path property(String name) {
    return Path.of(System.getProperty(name));
  }
}
