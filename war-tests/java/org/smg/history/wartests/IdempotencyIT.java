package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A POST with an {@code Idempotency-Key} is carried out once, however often it is sent. */
@OnLiberty
@ServedBy({MEMORY, POSTGRES, REDIS})
class IdempotencyIT {

  private final Http http;

  IdempotencyIT(ApplicationServer server) {
    http = server.http();
  }

  private Answer post(String key, String path, String body) {
    return http.send(
        "POST",
        path,
        List.of("Content-Type: application/json", "Idempotency-Key: " + key),
        body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aConversationIsMadeOnce() {
    String key = unique("key");
    String body =
        "{\"metadata\":{\"made\":\"%s\"},\"items\":[{\"role\":\"user\",\"content\":\"a\"}]}"
            .formatted(key);

    Answer first = stored(post(key, "/v1/conversations", body));
    Answer again = stored(post(key, "/v1/conversations", body));

    assertThat(again.text()).isEqualTo(first.text());
    assertThat(http.get("/v1/conversations?metadata[made]=" + key).ids())
        .containsExactly(first.id());
    assertThat(http.get(items(first.id())).ids()).hasSize(1);
    stored(http.post("/v1/conversations/" + first.id(), "{\"metadata\":{\"made\":\"later\"}}"));
    assertThat(stored(post(key, "/v1/conversations", body)).text()).isEqualTo(first.text());
  }

  @Test
  void itemsAreAppendedOnce() {
    String other = Fixtures.conversation(http, List.of("linked"));
    String linked = http.get(items(other)).ids().get(0);
    String own = unique("own");
    String conversation = Fixtures.conversation(http);
    String key = unique("key");
    String body =
        ("{\"items\":[{\"role\":\"user\",\"content\":\"new\"},"
                + "{\"type\":\"item_reference\",\"id\":\"%1$s\"},"
                + "{\"type\":\"x\",\"id\":\"%2$s\",\"n\":1E2}]}")
            .formatted(linked, own);

    Answer first = stored(post(key, items(conversation), body));
    Answer again = stored(post(key, items(conversation), body));

    assertThat(again.text()).isEqualTo(first.text()).contains("linked", "1E2");
    assertThat(http.get(items(conversation) + "?order=asc").ids()).isEqualTo(first.ids());
    assertThat(Refusal.of(http.post(items(conversation), body)).code())
        .isEqualTo("item_already_in_conversation");
  }

  @Test
  void metadataIsReplacedOnce() {
    String conversation = Fixtures.conversation(http);
    String path = "/v1/conversations/" + conversation;
    String key = unique("key");
    Answer first = stored(post(key, path, "{\"metadata\":{\"a\":\"1\"}}"));
    stored(http.post(path, "{\"metadata\":{\"a\":\"2\"}}"));

    Answer again = stored(post(key, path, "{\"metadata\":{\"a\":\"1\"}}"));

    assertThat(again.text()).isEqualTo(first.text());
    assertThat(http.get(path).text()).contains("\"2\"");
  }

  @Test
  void feedbackIsGivenOnce() {
    String response = Fixtures.response(http, "{}");
    String path = "/v1/responses/" + response + "/feedback";
    String key = unique("key");
    String body = "{\"rating\":\"positive\",\"comment\":\"\u00e9\"}";

    Answer first = stored(post(key, path, body));
    Answer again = stored(post(key, path, body));

    assertThat(again.text()).isEqualTo(first.text());
    assertThat(http.get(path).ids()).containsExactly(first.id());
  }

  @Test
  void aKeyIsForOneBodyAndOnePath() {
    String conversation = Fixtures.conversation(http);
    String key = unique("key");
    stored(post(key, items(conversation), "{\"items\":[{\"type\":\"x\"}]}"));
    Refusal reused =
        Refusal.invalid(
            400,
            "Idempotency-Key",
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request in the last 24 hours. Use a new one.");

    assertThat(Refusal.of(post(key, items(conversation), "{\"items\":[{\"type\":\"y\"}]}")))
        .isEqualTo(reused);
    assertThat(
            Refusal.of(
                post(key, items(Fixtures.conversation(http)), "{\"items\":[{\"type\":\"x\"}]}")))
        .isEqualTo(reused);
    assertThat(http.get(items(conversation)).ids()).hasSize(1);
  }

  @Test
  void whatWasRefusedHasUsedNoKey() {
    String conversation = Fixtures.conversation(http);
    String key = unique("key");
    assertThat(post(key, items(conversation), "{\"items\":[]}").status()).isEqualTo(400);
    assertThat(post(key, items("conv_none"), "{\"items\":[{\"type\":\"x\"}]}").status())
        .isEqualTo(404);

    stored(post(key, items(conversation), "{\"items\":[{\"type\":\"x\"}]}"));

    assertThat(http.get(items(conversation)).ids()).hasSize(1);
  }

  @Test
  void withoutAKeyARepeatIsAnotherRequest() {
    String conversation = Fixtures.conversation(http);
    for (int i = 0; i < 2; i++) {
      stored(http.post(items(conversation), "{\"items\":[{\"type\":\"x\"}]}"));
    }

    assertThat(http.get(items(conversation)).ids()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 256})
  void aKeyHasOneTo255Characters(int length) {
    Refusal refused = Refusal.of(post("k".repeat(length), "/v1/conversations", "{}"));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.message()).contains("Idempotency-Key");
    stored(post(unique("k".repeat(200)), "/v1/conversations", "{}"));
  }
}
