package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Where the server is to find out who calls, and is not set up for it. */
@OnLiberty
class ContainerWithoutRealmIT {

  @Test
  void nobodyIsServed() {
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.put("HISTORY_AUTH", "container");
    options.put("HISTORY_CONTAINER_TENANT", "acme");
    try (LibertyServer server = LibertyServer.named("without-realm").environment(options).start()) {
      Http http = server.http();

      for (Http client : new Http[] {http, http.with("Authorization: Basic YWxpY2U6eA==")}) {
        assertThat(Refusal.of(client.get("/v1/conversations")))
            .isEqualTo(
                Refusal.invalid(
                    403,
                    null,
                    "authentication_not_configured",
                    "The server has no login (history-auth=container). Administrators: on Open"
                        + " Liberty add the feature appSecurity-5.0 and a user registry."));
      }
    }
  }
}
