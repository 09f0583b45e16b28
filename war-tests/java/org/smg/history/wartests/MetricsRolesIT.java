package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may see the figures, and how those who are turned away are counted. */
@OnLiberty
@TestInstance(Lifecycle.PER_CLASS)
class MetricsRolesIT {

  private static final int PER_KEY = 3;

  private KeyRing keys;
  private ApplicationServer server;
  private Http operator;

  @BeforeAll
  void start() {
    keys = KeyRing.named("metrics");
    String key = keys.create("acme", "prometheus", "history-operator");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("own"));
    server = TestServer.chosen().start("metrics", options);
    operator = as(key);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Http as(String key) {
    return server.http().with("Authorization: Bearer " + key);
  }

  /** A key that was made while the server runs counts as soon as the file has been read again. */
  private Http asNew(String user, String roles) {
    Http http = as(keys.create("acme", user, roles));
    Writers.await("the key is not read", () -> http.get("/v1/openapi.yaml").status() == 200);
    return http;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/metrics", "/metrics"})
  void onlyAnOperatorSeesThem(String path) {
    assertThat(Scrape.parse(stored(operator.get(path)).text()).values()).isNotEmpty();
    assertThat(server.http().get(path).status()).isEqualTo(401);
    for (String role : new String[] {"history-user", "history-reviewer", "history-admin"}) {
      Refusal refusal = Refusal.of(asNew("alice", role).get(path));
      assertThat(refusal.status()).as(role).isEqualTo(403);
      assertThat(refusal.code()).as(role).isEqualTo("insufficient_permissions");
    }
  }

  @Test
  void whoeverIsTurnedAwayIsCountedByTheReason() {
    Http user = asNew("bob", "history-user");
    Http limited = asNew("carol", "history-user --requests-per-minute " + PER_KEY);
    Scrape before = Scrape.of(operator);

    assertThat(server.http().get("/v1/conversations").status()).isEqualTo(401);
    assertThat(as("hk_wrong").get("/v1/conversations/conv_1").status()).isEqualTo(401);
    assertThat(user.get("/v1/metrics").status()).isEqualTo(403);
    int refused = 0;
    while (refused < 2) {
      refused += limited.get("/v1/feedback").status() == 429 ? 1 : 0;
    }

    Map<String, Double> more = Scrape.of(operator).since(before);
    assertThat(more)
        .containsEntry(reason("invalid_api_key"), 2.0)
        .containsEntry(reason("insufficient_permissions"), 1.0)
        .containsEntry(reason("rate_limit_exceeded"), 2.0)
        .containsEntry(answer("invalid_api_key", "/v1/conversations", 401), 1.0)
        .containsEntry(answer("invalid_api_key", "/v1/conversations/{id}", 401), 1.0)
        .containsEntry(answer("insufficient_permissions", "/v1/metrics", 403), 1.0)
        .containsEntry(answer("rate_limit_exceeded", "/v1/feedback", 429), 2.0);
  }

  private static String reason(String code) {
    return "history_requests_refused_total{reason=\"%s\"}".formatted(code);
  }

  private static String answer(String code, String path, int status) {
    return "smg_http_responses_total{error_code=\"%s\",path=\"%s\",status_code=\"%d\"}"
        .formatted(code, path, status);
  }
}
