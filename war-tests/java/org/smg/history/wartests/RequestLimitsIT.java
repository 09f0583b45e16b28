package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** A server that takes 20 requests a minute of each tenant, and fewer of some keys. */
@TestInstance(Lifecycle.PER_CLASS)
class RequestLimitsIT {

  private static final int PER_TENANT = 20;

  private KeyRing keys;
  private ApplicationServer server;

  @BeforeAll
  void start() {
    keys = KeyRing.named("request-limits");
    keys.create("first", "anybody", "history-user");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("tenant"));
    options.put("HISTORY_LIMIT_REQUESTS_PER_MINUTE", Integer.toString(PER_TENANT));
    server = TestServer.chosen().start("request-limits", options);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Http as(String key) {
    Http http = server.http().with("Authorization: Bearer " + key);
    Writers.await("the key is not read", () -> http.get("/v1/nothing").status() != 401);
    return http;
  }

  @Test
  void aTenantThatSendsTooManyIsToldWhenToGoOn() {
    Http alice = as(keys.create("acme", "alice", "history-user"));
    Http bob = as(keys.create("acme", "bob", "history-user"));
    Http eve = as(keys.create("globex", "eve", "history-user"));

    Answer last = answerAfterTheLimit(alice);
    Refusal refusal = Refusal.of(last);

    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.type()).isEqualTo("requests");
    assertThat(refusal.code()).isEqualTo("rate_limit_exceeded");
    assertThat(refusal.message())
        .matches(
            "Rate limit reached for the tenant: 20 requests a minute\\. Please try again in \\d+ ms\\.");
    // A request is back every three seconds.
    assertThat(number(last, "Retry-After")).isBetween(1, 3);
    assertThat(number(last, "retry-after-ms")).isBetween(1, 3_000);
    assertThat(number(last, "x-ratelimit-limit-requests")).isEqualTo(PER_TENANT);
    assertThat(number(last, "x-ratelimit-remaining-requests")).isZero();
    assertThat(last.header("x-ratelimit-reset-requests")).matches("(5[5-9]|60)\\d{3}ms");
    assertThat(last.header("x-should-retry")).isNull();

    assertThat(bob.post("/v1/conversations", "not even JSON").status()).isEqualTo(429);
    assertThat(eve.get("/v1/conversations").status()).isEqualTo(200);
  }

  @Test
  void aKeyMayHaveFewerAndLeavesTheRestToItsTenant() {
    Http batch = as(keys.create("initech", "batch", "history-user --requests-per-minute 5"));
    Http user = as(keys.create("initech", "user", "history-user"));

    Answer last = answerAfterTheLimit(batch);

    assertThat(Refusal.of(last).message())
        .startsWith("Rate limit reached for the API key: 5 requests a minute.");
    assertThat(number(last, "x-ratelimit-limit-requests")).isEqualTo(5);
    assertThat(user.get("/v1/conversations").status()).isEqualTo(200);
  }

  @Test
  void anAnswerTellsWhatIsLeft() {
    Http carol = as(keys.create("hooli", "carol", "history-user"));

    int before = number(carol.get("/v1/conversations"), "x-ratelimit-remaining-requests");
    int after = number(carol.get("/v1/nothing"), "x-ratelimit-remaining-requests");

    assertThat(before).isBetween(1, PER_TENANT - 1);
    assertThat(after).isLessThanOrEqualTo(before);
  }

  @Test
  void strangersTakeFromNobody() {
    Answer stranger = server.http().get("/v1/conversations");

    assertThat(stranger.status()).isEqualTo(401);
    assertThat(stranger.header("x-ratelimit-limit-requests")).isNull();
  }

  @Test
  void aRefusalIsInTheLog() {
    Http slow = as(keys.create("umbrella", "dave", "history-user --requests-per-minute 1"));

    answerAfterTheLimit(slow);

    Writers.await(
        "it is not in the log",
        () ->
            server
                .log()
                .contains(
                    "A request was refused (status=429 reason=rate_limit_exceeded left_out=0"
                        + " request_id=req_"));
  }

  @Test
  void theStartSaysSo() {
    assertThat(server.log())
        .contains("A tenant may send 20 requests a minute (history-limit-requests-per-minute)");
  }

  /** A request is back every few seconds: as many as a slow machine needs. */
  private static Answer answerAfterTheLimit(Http http) {
    for (int i = 0; i < 10 * PER_TENANT; i++) {
      Answer answer = http.get("/v1/conversations");
      if (answer.status() != 200) {
        return answer;
      }
    }
    throw new AssertionError("none of " + 10 * PER_TENANT + " requests was refused");
  }

  private static int number(Answer answer, String header) {
    return Integer.parseInt(answer.header(header));
  }
}
