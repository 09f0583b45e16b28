package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Without authentication a server serves the machine that it runs on, and nobody else. */
@OnOneGlassFish
@ServedBy(MEMORY)
class AnonymousIT {

  private final ApplicationServer server;
  private final Http http;

  AnonymousIT(ApplicationServer server) {
    this.server = server;
    this.http = server.http();
  }

  @Test
  void aForwardedRequestIsRefusedAndToldHowToGoOn() {
    List<Http> elsewhere =
        List.of(
            http.named("history.example"),
            http.named("localhost.evil.example:80"),
            http.with("X-Forwarded-For: 10.0.0.1"),
            http.with("Forwarded: for=10.0.0.1"),
            http.with("Via: 1.1 proxy"));
    for (Http from : elsewhere) {
      assertThat(Refusal.of(from.get("/v1/conversations")))
          .isEqualTo(
              Refusal.invalid(
                  403,
                  null,
                  "authentication_not_configured",
                  "No authentication is configured, so only requests from this machine to localhost"
                      + " are served, and none that a proxy forwards. Administrators: set"
                      + " history-auth=api-key or, to serve everybody without authentication,"
                      + " history-allow-anonymous=true."));
    }
  }

  @Test
  void aLocalRequestIsServedWhateverKeyItHas() {
    for (String name : List.of("localhost", "127.0.0.1", "[::1]:80")) {
      assertThat(http.named(name).get("/v1/conversations").status()).as(name).isEqualTo(200);
    }
    assertThat(http.with("Authorization: Bearer none").get("/v1/conversations").status())
        .isEqualTo(200);
  }

  @Test
  void theStartSaysSo() {
    assertThat(server.log())
        .contains(
            "Only requests from this machine are served, without authentication"
                + " (history-auth=none)");
  }

  @Test
  void anAdministratorMayServeEverybody() {
    TreeMap<String, String> options = new TreeMap<>(MEMORY.options());
    options.put("HISTORY_ALLOW_ANONYMOUS", "true");
    try (ApplicationServer open = TestServer.chosen().start("open", options)) {
      Http from = open.http().named("history.example").with("X-Forwarded-For: 10.0.0.1");

      assertThat(from.get("/v1/conversations").status()).isEqualTo(200);
      assertThat(open.log())
          .contains(
              "Whoever reaches the port is served without authentication"
                  + " (history-allow-anonymous=true)");
    }
  }
}
