package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@OnLiberty
@ServedBy({TestBackend.MEMORY, TestBackend.NONE, TestBackend.POSTGRES, TestBackend.REDIS})
class HealthIT {

  private final Http http;

  HealthIT(LibertyServer server) {
    http = server.http();
  }

  @Test
  void aStartedServerIsReadyAndLive() {
    assertThat(http.get("/health/started").json().path("status").textValue()).isEqualTo("UP");
    assertThat(http.get("/health/live").json().path("status").textValue()).isEqualTo("UP");
    assertThat(http.get("/health/ready").json().path("status").textValue()).isEqualTo("UP");
  }

  @Test
  void readinessNamesTheBackendsCheck() {
    assertThat(http.get("/health/ready").json().path("checks").findValuesAsText("name"))
        .containsExactly("history-backend");
  }

  /** Balancers ask without a key, and by whatever name the server has for them. */
  @Test
  void healthNeedsNoCredentialAndNoLocalHost() {
    Http balancer = http.named("10.0.0.1:9080").with("X-Forwarded-For: 10.0.0.2");

    assertThat(balancer.get("/v1/conversations").status()).isEqualTo(403);
    assertThat(balancer.get("/health/ready").status()).isEqualTo(200);
  }
}
