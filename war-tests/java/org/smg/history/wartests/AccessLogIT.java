package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.wartests.TestBackend.MEMORY;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.models.conversations.items.ItemListParams;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an administrator finds a request by. */
@OnLiberty
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

  @Test
  void whatIsTheCallersFaultTheSdkSendsOnlyOnce() {
    String clientId = Fixtures.unique("client");
    OpenAIClient client =
        OpenAIOkHttpClient.builder().baseUrl(server.baseUrl() + "/v1").apiKey("none").build();
    try {
      ItemListParams tooMany =
          ItemListParams.builder()
              .conversationId(Fixtures.conversation(server.http()))
              .limit(1000)
              .putAdditionalHeader("X-Client-Request-Id", clientId)
              .build();

      assertThatThrownBy(() -> client.conversations().items().list(tooMany))
          .isInstanceOf(BadRequestException.class);
    } finally {
      client.close();
    }
    // Whatever the SDK sent, it sent before it threw: the next request is logged after it.
    String later = Fixtures.unique("client");
    server
        .http()
        .send("GET", "/v1/feedback?limit=1", List.of("X-Client-Request-Id: " + later), null);
    server.awaitLogged("http_access.log", ".* " + later);
    assertThat(server.read("http_access.log").lines())
        .filteredOn(line -> line.contains(clientId))
        .hasSize(1);
  }
}
