package org.smg.history.api.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.security.Endpoint;

class RouteTest {

  @ParameterizedTest
  @EnumSource
  void everyEndpointHasItsRoute(Endpoint endpoint) {
    String path = Route.template(endpoint).replaceAll("\\{\\w+}", "x");

    assertThat(Route.of(path)).map(Route::template).contains(Route.template(endpoint));
  }

  @Test
  void idsHaveTheNamesOfWhatTheyName() {
    assertThat(Route.of("/v1/conversations/c%20_1"))
        .contains(new Route("/v1/conversations/{id}", Map.of("conversation_id", "c%20_1")));
    assertThat(Route.of("/v1/conversations/c/items/i"))
        .contains(
            new Route(
                "/v1/conversations/{conversation_id}/items/{item_id}",
                Map.of("conversation_id", "c", "item_id", "i")));
    assertThat(Route.of("/v1/responses/r/chain"))
        .contains(new Route("/v1/responses/{id}/chain", Map.of("response_id", "r")));
    assertThat(Route.of("/v1/feedback/f"))
        .contains(new Route("/v1/feedback/{id}", Map.of("feedback_id", "f")));
    assertThat(Route.of("/v1/conversations/")).contains(new Route("/v1/conversations", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/v1",
        "/v1/",
        "/v1/unknown",
        "/v2/conversations",
        "/v1/conversations/c/unknown",
        "/v1//conversations",
        "/v1/conversations//items",
        "conversations"
      })
  void otherPathsHaveNone(String path) {
    assertThat(Route.of(path)).isEmpty();
  }
}
