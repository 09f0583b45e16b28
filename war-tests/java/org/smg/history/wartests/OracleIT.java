package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.oracle.ListenerStub;

/** The WAR before a listener of Oracle's: what is asked of it, and what clients see. */
class OracleIT {

  private static final String PASSWORD = "never-to-be-told";

  /** Seconds that a request may take to get a connection. */
  private static final int TIMEOUT = 2;

  /** For the rest, on a busy machine. */
  private static final Duration SLACK = Duration.ofSeconds(8);

  @TempDir Path wallet;

  @ParameterizedTest
  @ValueSource(strings = {"ORACLE", "ATP"})
  void aListenerThatRefusesOrHangsMakesRequestsFailInTime(String prefix) throws IOException {
    try (ListenerStub listener = new ListenerStub(ListenerStub.Answer.REFUSE);
        LibertyServer server =
            LibertyServer.named("oracle-" + prefix.toLowerCase(java.util.Locale.ROOT))
                .environment(environment(prefix, listener.port()))
                .make()) {
      server.launch();
      server.awaitLogged(".*WARNING.*does not answer yet: .*ORA-12514.*");
      server.awaitLogged(".*CWWKF0011I.*");
      assertThat(listener.asked())
          .isNotEmpty()
          .allMatch(asked -> asked.contains("(SERVICE_NAME=orders.example)"));

      Http http = server.http();
      assertThat(http.get("/health/live").status()).isEqualTo(200);
      for (ListenerStub.Answer answer : ListenerStub.Answer.values()) {
        listener.answer(answer);
        assertUnavailable(http);
      }
      listener.answer(ListenerStub.Answer.HANG_UP);
      assertUnavailable(http);
      server.awaitLogged(".*POST /v1/conversations: .*ORA-03113.*user=HISTORY_APP.*");
      assertThat(server.log()).doesNotContain(PASSWORD);
    }
  }

  private Map<String, String> environment(String prefix, int port) throws IOException {
    Files.writeString(
        wallet.resolve("tnsnames.ora"),
        """
        history_tp = (DESCRIPTION = (ADDRESS = (PROTOCOL = TCP)(HOST = localhost)(PORT = %d))
          (CONNECT_DATA = (SERVICE_NAME = orders.example)))
        """
            .formatted(port));
    Map<String, String> environment = new HashMap<>();
    environment.put("HISTORY_BACKEND", "oracle");
    environment.put(prefix + "_WALLET_PATH", wallet.toString());
    environment.put(prefix + "_TNS_ALIAS", "history_tp");
    environment.put(prefix + "_USER", "history_app");
    environment.put(prefix + "_PASSWORD", PASSWORD);
    environment.put(prefix + "_POOL_TIMEOUT_SECS", Integer.toString(TIMEOUT));
    return environment;
  }

  private static void assertUnavailable(Http http) {
    Instant begin = Instant.now();
    Answer answer = http.post("/v1/conversations", "{}");
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotNull();
    assertThat(http.get("/health/ready").status()).isEqualTo(503);
    assertThat(Duration.between(begin, Instant.now()))
        .isLessThan(Duration.ofSeconds(2 * TIMEOUT).plus(SLACK));
  }
}
