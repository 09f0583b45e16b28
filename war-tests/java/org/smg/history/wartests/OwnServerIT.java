package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What takes a server with a configuration or a fate of its own. */
@OnLiberty
class OwnServerIT {

  @Test
  void anAdministratorsLimitHoldsAndAKilledServerStartsAgain() {
    try (LibertyServer server =
        LibertyServer.named("own")
            .environment(Map.of("HISTORY_BACKEND", "memory"))
            .override(
                "limit.xml",
                "<server><variable name=\"history-max-body-bytes\" value=\"21\"/></server>")
            .start()) {
      Http http = server.http();

      assertThat(http.post("/v1/conversations", "{\"metadata\":      {}}").status()).isEqualTo(200);
      assertThat(Refusal.of(http.post("/v1/conversations", "{\"metadata\":       {}}")))
          .isEqualTo(
              Refusal.invalid(
                  413,
                  null,
                  "body_too_large",
                  "The body is too large. Expected at most 21 bytes."));

      String conversation = Fixtures.conversation(http);
      server.kill();
      assertThat(server.running()).isFalse();
      server.start();

      assertThat(http.get("/v1/conversations/" + conversation).status()).isEqualTo(404);
    }
  }
}
