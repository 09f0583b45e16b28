package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** API keys on a running server, where users share the history of their tenant. */
@OnOneGlassFish
@TestInstance(Lifecycle.PER_CLASS)
class AuthenticationIT {

  private static final String CHALLENGE = "Bearer realm=\"history\"";

  private KeyRing keys;
  private ApplicationServer server;
  private Http alice;

  @BeforeAll
  void start() {
    keys = KeyRing.named("authentication");
    String key = keys.create("acme", "alice", "history-user");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("tenant"));
    server = TestServer.chosen().start("authentication", options);
    alice = as(key);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Http as(String key) {
    return server.http().with("Authorization: Bearer " + key);
  }

  @Test
  void withoutAKeyTheClientIsToldHowToAuthenticate() {
    for (String path :
        List.of("/v1/conversations", "/v1/nothing", "/", "/v1/conversations?order=%FF")) {
      Answer answer = server.http().get(path);

      assertThat(Refusal.of(answer))
          .as(path)
          .isEqualTo(
              Refusal.invalid(
                  401,
                  null,
                  "invalid_api_key",
                  "No credential was sent. Expected the header 'Authorization: Bearer …' with an API"
                      + " key."));
      assertThat(answer.header("WWW-Authenticate")).isEqualTo(CHALLENGE);
    }
  }

  @Test
  void aWrongKeyIsRefusedWhateverIsWrongWithIt() {
    List<Http> wrong =
        List.of(
            as("none"),
            as("hk_" + "x".repeat(44)),
            as("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9."),
            as("x".repeat(5_000)),
            server.http().with("Authorization: Basic YWxpY2U6c2VjcmV0"),
            server.http().with("Authorization:"),
            alice.with("Authorization: Bearer second"));
    for (Http http : wrong) {
      Answer answer = http.post("/v1/conversations", "{}");

      assertThat(Refusal.of(answer))
          .isEqualTo(
              Refusal.invalid(
                  401,
                  null,
                  "invalid_api_key",
                  "Incorrect credential. Expected one header 'Authorization: Bearer …' with an API key"
                      + " that is neither expired nor revoked."));
      assertThat(answer.header("WWW-Authenticate"))
          .isEqualTo(CHALLENGE + ", error=\"invalid_token\"");
    }
  }

  @Test
  void aHugeHeaderIsRefusedAndTheServerGoesOn() {
    assertThat(as("x".repeat(1_000_000)).get("/v1/conversations").status())
        .isGreaterThanOrEqualTo(400)
        .isLessThan(500);
    assertThat(alice.get("/v1/conversations").status()).isEqualTo(200);
  }

  @Test
  void usersShareTheirTenantAndNothingElse() {
    Http bob = as(keys.create("acme", "bob", "history-user"));
    Http eve = as(keys.create("globex", "alice", "history-user"));
    MadeHistory made = MadeHistory.by(alice);
    bob.awaitStatus(200);
    eve.awaitStatus(200);

    assertThat(made.seenBy(bob)).isEqualTo(made.seenBy(alice));
    assertThat(eve.get("/v1/conversations/" + made.conversation()).status()).isEqualTo(404);
    assertThat(stored(eve.get("/v1/responses")).ids()).isEmpty();
    assertThat(bob.delete("/v1/conversations/" + made.conversation()).status()).isEqualTo(200);
  }

  @Test
  void aRevocationCountsWithinASecond() {
    String key = keys.create("acme", "carol", "history-user");
    as(key).awaitStatus(200);

    Instant revoked = Instant.now();
    keys.revoke(key);
    Duration ran = Duration.between(revoked, Instant.now());
    as(key).awaitStatus(401);

    // A busy machine may take its time to run the command, and to ask.
    assertThat(Duration.between(revoked, Instant.now()).minus(ran))
        .isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void aReviewIsLoggedWithWhoReadsWhatAndWhy() {
    MadeHistory made = MadeHistory.by(alice);
    Http reviewer =
        as(keys.create("acme", "rita", "history-reviewer"))
            .with("X-Access-Reason: Beschwerde%20%C3%BCber%0AAntwort");
    reviewer.awaitStatus(200);

    Answer answer = stored(reviewer.get("/v1/responses/" + made.response()));

    Writers.await(
        "the review is not in the log",
        () ->
            server
                .log()
                .contains(
                    "A reviewer asks for what others made (user=rita tenant=acme reason=\"Beschwerde"));
    assertThat(server.log())
        .containsPattern(
            "\\?Antwort\" request_id=%s method=GET route=/v1/responses/\\{id} response_id=%s\\)"
                .formatted(answer.header("x-request-id"), made.response()));
  }

  @Test
  void theStartSaysThatKeysAreNeeded() {
    assertThat(server.log())
        .contains("Requests need an API key (history-auth=api-key, history-access=tenant)");
  }

  @Test
  void keysAreInNoLog() {
    assertThat(server.log()).doesNotContain("hk_");
  }
}
