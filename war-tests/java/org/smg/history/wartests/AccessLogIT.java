package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What an administrator finds a request by. */
@ServedBy(MEMORY)
class AccessLogIT {

  private final LibertyServer server;

  AccessLogIT(LibertyServer server) {
    this.server = server;
  }

  @Test
  void aRequestIsLoggedWithItsIdHereAndTheClientsOwn() {
    String clientId = Fixtures.unique("client");

    Answer answer =
        server
            .http()
            .send(
                "GET",
                "/v1/conversations/unknown?secret=word",
                List.of("X-Client-Request-Id: " + clientId),
                null);

    server.awaitLogged("http_access.log", ".* " + clientId);
    assertThat(server.read("http_access.log").lines())
        .filteredOn(line -> line.contains(clientId))
        .singleElement()
        .asString()
        .contains(" GET /v1/conversations/unknown 404 ", answer.header("x-request-id"))
        .doesNotContain("secret");
  }
}
