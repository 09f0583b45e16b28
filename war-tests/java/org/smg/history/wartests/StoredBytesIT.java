package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** A server on which each tenant may store three megabytes, and some keys less. */
@OnLiberty
@TestInstance(Lifecycle.PER_CLASS)
class StoredBytesIT {

  private static final long MEGABYTE = 1_048_576;
  private static final int TEXT = 200_000;
  private static final String ITEM =
      "{\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"%s\"}]}"
          .formatted("x".repeat(TEXT));

  private KeyRing keys;
  private ApplicationServer server;

  @BeforeAll
  void start() {
    keys = KeyRing.named("stored-bytes");
    keys.create("first", "anybody", "history-user");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("tenant"));
    options.put("HISTORY_LIMIT_STORED_MEGABYTES", "3");
    server = TestServer.chosen().start("stored-bytes", options);
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

  /** Stores until that is refused. */
  private static List<String> fill(Http http) {
    List<String> conversations = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Answer answer = http.post("/v1/conversations", ITEM);
      if (answer.status() != 200) {
        return conversations;
      }
      conversations.add(answer.id());
    }
    throw new AssertionError("nothing was refused");
  }

  @Test
  void aTenantThatHasStoredTooMuchMayReadAndDelete() {
    Http alice = as(keys.create("acme", "alice", "history-user"));
    Http bob = as(keys.create("acme", "bob", "history-user"));
    Http eve = as(keys.create("globex", "eve", "history-user"));
    List<String> conversations = fill(alice);
    String conversation = conversations.get(0);

    Answer last = bob.post("/v1/conversations", "not even JSON");
    Refusal refusal = Refusal.of(last);

    assertThat(conversations).hasSize(16);
    assertThat(refusal.status()).isEqualTo(429);
    assertThat(refusal.type()).isEqualTo("insufficient_quota");
    assertThat(refusal.code()).isEqualTo("storage_limit_exceeded");
    assertThat(refusal.param()).isNull();
    assertThat(refusal.message())
        .isEqualTo(
            "The tenant has stored as much as it may: 3145728 bytes. Delete conversations or"
                + " responses, or ask an administrator for more.");
    assertThat(last.header("Retry-After")).isEqualTo("60");
    assertThat(last.header("x-should-retry")).isEqualTo("false");
    assertThat(number(last, "x-ratelimit-limit-stored-bytes")).isEqualTo(3 * MEGABYTE);
    assertThat(number(last, "x-ratelimit-remaining-stored-bytes")).isZero();
    assertThat(bob.put("/v1/responses/resp_over", "{\"input\":\"a\",\"output\":[]}").status())
        .isEqualTo(429);
    assertThat(bob.post(Fixtures.items(conversation), ITEM).status()).isEqualTo(429);
    assertThat(bob.get("/v1/conversations").status()).isEqualTo(200);
    assertThat(eve.post("/v1/conversations", ITEM).status()).isEqualTo(200);

    assertThat(alice.delete("/v1/conversations/" + conversation).status()).isEqualTo(200);
    assertThat(alice.delete("/v1/conversations/" + conversations.get(1)).status()).isEqualTo(200);

    Answer again = bob.post("/v1/conversations", ITEM);
    assertThat(again.status()).as(again.toString()).isEqualTo(200);
    assertThat(number(bob.get("/v1/conversations"), "x-ratelimit-remaining-stored-bytes"))
        .isBetween(1L, (long) TEXT);
  }

  @Test
  void whatIsDeletedByAFilterIsFree() {
    Http dan = as(keys.create("umbrella", "dan", "history-user"));
    String text = "x".repeat(TEXT);
    List<String> left = new ArrayList<>();
    left.add(dan.get("/v1/conversations").header("x-ratelimit-remaining-stored-bytes"));
    for (int i = 0; i < 5; i++) {
      Fixtures.stored(
          dan.post(
              "/v1/conversations",
              "{\"metadata\":{\"case\":\"7\"},\"items\":[%s]}"
                  .formatted(Fixtures.messages(List.of(text)))));
      Fixtures.response(dan, "{\"user\":\"ann\",\"input\":\"%s\"}".formatted(text));
    }
    assertThat(number(dan.get("/v1/conversations"), "x-ratelimit-remaining-stored-bytes"))
        .isLessThan(3 * MEGABYTE - 10L * TEXT);

    Fixtures.stored(dan.delete("/v1/conversations?metadata[case]=7"));
    Fixtures.stored(dan.delete("/v1/responses?user=ann"));

    left.add(dan.get("/v1/conversations").header("x-ratelimit-remaining-stored-bytes"));
    assertThat(left).containsExactly("" + 3 * MEGABYTE, "" + 3 * MEGABYTE);
  }

  @Test
  void aKeyMayStoreLessAndLeavesTheRestToItsTenant() {
    Http batch = as(keys.create("initech", "batch", "history-user --stored-megabytes 1"));
    Http user = as(keys.create("initech", "user", "history-user"));

    List<String> conversations = fill(batch);
    Answer last = batch.post("/v1/conversations", ITEM);

    assertThat(conversations).hasSize(6);
    assertThat(Refusal.of(last).message())
        .startsWith("The API key has stored as much as it may: 1048576 bytes.");
    assertThat(number(last, "x-ratelimit-limit-stored-bytes")).isEqualTo(MEGABYTE);
    assertThat(user.post("/v1/conversations", ITEM).status()).isEqualTo(200);

    assertThat(batch.delete("/v1/conversations/" + conversations.get(0)).status()).isEqualTo(200);
    assertThat(batch.post("/v1/conversations", ITEM).status()).isEqualTo(200);
  }

  @Test
  void anAnswerTellsWhatIsLeft() {
    Http carol = as(keys.create("hooli", "carol", "history-user"));

    Answer first = carol.post("/v1/conversations", ITEM);
    Answer second = carol.get("/v1/conversations/" + first.id());

    assertThat(number(first, "x-ratelimit-limit-stored-bytes")).isEqualTo(3 * MEGABYTE);
    assertThat(number(first, "x-ratelimit-remaining-stored-bytes")).isEqualTo(3 * MEGABYTE);
    assertThat(number(second, "x-ratelimit-remaining-stored-bytes"))
        .isBetween(3 * MEGABYTE - TEXT - 300, 3 * MEGABYTE - TEXT);
  }

  @Test
  void theStartSaysSo() {
    assertThat(server.log())
        .contains("A tenant may store 3 megabytes (history-limit-stored-megabytes)");
  }

  private static long number(Answer answer, String header) {
    return Long.parseLong(answer.header(header));
  }
}
