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
}
