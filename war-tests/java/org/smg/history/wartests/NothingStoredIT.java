package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.TestBackend.NONE;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.NotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the backend {@code none}, every write is accepted and nothing is remembered. */
@OnLiberty
@ServedBy(NONE)
class NothingStoredIT {

  private static final String EMPTY_LIST =
      "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}";

  private final ApplicationServer server;
  private final Http http;

  NothingStoredIT(ApplicationServer server) {
    this.server = server;
    this.http = server.http();
  }

  @Test
  void writesAreAnsweredAsIfTheyWereStored() {
    Answer created =
        stored(
            http.post(
                "/v1/conversations",
                "{\"metadata\":{\"a\":\"b\"},\"items\":[{\"role\":\"user\",\"content\":\"x\"}]}"));
    String path = "/v1/conversations/" + created.id();

    assertThat(created.json().at("/metadata/a").textValue()).isEqualTo("b");
    assertThat(
            stored(http.post(path, "{\"metadata\":{\"c\":\"d\"}}"))
                .json()
                .at("/metadata/c")
                .textValue())
        .isEqualTo("d");
    Answer appended =
        stored(
            http.post(
                items(created.id()),
                "{\"items\":[%s]}".formatted(Fixtures.messages(List.of("a", "b")))));
    assertThat(appended.json().path("data").findValuesAsText("text")).containsExactly("a", "b");
    assertThat(appended.ids()).allMatch(id -> id.startsWith("msg_"));
    assertThat(stored(http.delete(items(created.id()) + "/any")).id()).isEqualTo(created.id());
    assertThat(stored(http.delete(path)).json().path("deleted").booleanValue()).isTrue();

    Answer recorded =
        stored(
            http.put(
                "/v1/responses/resp_1",
                "{\"conversation\":\"any\",\"input\":\"x\",\"zzz\":1E2,\"output\":[]}"));
    assertThat(recorded.text()).contains("\"zzz\":1E2").doesNotContain("input");
    assertThat(stored(http.post("/v1/responses/resp_1/feedback", "{\"rating\":\"positive\"}")).id())
        .startsWith("fb_");
    assertThat(stored(http.delete("/v1/responses/resp_1")).id()).isEqualTo("resp_1");
    for (String filter : List.of("responses?user=u", "conversations?metadata[a]=b")) {
      assertThat(stored(http.delete("/v1/" + filter)).text())
          .isEqualTo("{\"object\":\"deletion\",\"deleted\":0,\"has_more\":false}");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/conversations",
        "/v1/conversations/any/items",
        "/v1/conversations/any/items?limit=1&order=asc&after=any",
        "/v1/responses",
        "/v1/responses/any/input_items",
        "/v1/responses/any/chain",
        "/v1/responses/any/feedback",
        "/v1/feedback"
      })
  void everyListIsEmpty(String path) {
    Fixtures.conversation(http, List.of("a"));
    Fixtures.response(http, "{\"input\":\"a\"}");

    assertThat(stored(http.get(path)).text()).isEqualTo(EMPTY_LIST);
  }

  @Test
  void whatWasJustWrittenIsNotFound() {
    String conversation = Fixtures.conversation(http);
    String response = Fixtures.response(http, "{}");

    assertThat(Refusal.of(http.get("/v1/conversations/" + conversation)).message())
        .isEqualTo("Conversation with id '%s' not found.".formatted(conversation));
    assertThat(Refusal.of(http.get(items(conversation) + "/any")).status()).isEqualTo(404);
    assertThat(Refusal.of(http.get("/v1/responses/" + response)).message())
        .isEqualTo("Response with id '%s' not found.".formatted(response));
    assertThat(Refusal.of(http.get("/v1/feedback/any")).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"items\":[{}]}|missing_required_parameter",
        "{\"items\":[{\"type\":\"x\",\"id\":\"i\"},{\"type\":\"x\",\"id\":\"i\"}]}"
            + "|item_already_in_conversation",
        "{\"metadata\":{\"a\":1}}|invalid_type",
        "{|invalid_json"
      })
  void whatIsWrongIsRefusedAllTheSame(String body, String code) {
    assertThat(Refusal.of(http.post("/v1/conversations", body)).code()).isEqualTo(code);
  }

  @Test
  void idempotencyKeysAreIgnored() {
    for (String metadata : List.of("{\"a\":\"1\"}", "{\"a\":\"2\"}")) {
      Answer created =
          http.send(
              "POST",
              "/v1/conversations",
              List.of("Content-Type: application/json", "Idempotency-Key: same"),
              "{\"metadata\":%s}".formatted(metadata).getBytes(StandardCharsets.UTF_8));

      assertThat(stored(created).json().path("metadata").toString()).isEqualTo(metadata);
    }
  }

  @Test
  void anApplicationWithTheSdkRunsUnchanged() {
    OpenAIClient client =
        OpenAIOkHttpClient.builder().baseUrl(server.baseUrl() + "/v1").apiKey("none").build();
    try {
      String id = client.conversations().create().validate().id();

      assertThat(client.conversations().items().list(id).autoPager().stream()).isEmpty();
      assertThatThrownBy(() -> client.conversations().retrieve(id))
          .isInstanceOf(NotFoundException.class);
      assertThat(client.conversations().delete(id).deleted()).isTrue();
    } finally {
      client.close();
    }
  }
}
