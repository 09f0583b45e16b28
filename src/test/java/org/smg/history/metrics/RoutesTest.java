package org.smg.history.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.smg.history.security.Endpoint;

class RoutesTest {

  private final Routes routes = new Routes();

  /** A request that is refused before its endpoint is asked counts under the same template. */
  @ParameterizedTest
  @EnumSource(Endpoint.class)
  void everyEndpointIsFoundByItsPath(Endpoint endpoint) {
    String sent = "/v1" + endpoint.path().replaceAll("\\{[^}]*}", "x%20y");

    assertThat(routes.of(sent)).isEqualTo(routes.of(endpoint));
    assertThat(routes.templates().word(routes.of(endpoint))).isEqualTo("/v1" + endpoint.path());
  }

  @ParameterizedTest
  @CsvSource({
    "/metrics,/metrics",
    "/console,/console/*",
    "/console/js/app.js,/console/*",
    "/consoles,other",
    "/v1,other",
    "/v1/,other",
    "/v1/conversations/,other",
    "/v1/conversations/a/items/b/c,other",
    "/V1/conversations,other",
    "/,other",
    "'',other"
  })
  void whatIsNoEndpointIsOther(String sent, String template) {
    assertThat(routes.templates().word(routes.of(sent))).isEqualTo(template);
  }
}
