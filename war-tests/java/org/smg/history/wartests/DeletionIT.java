package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.response;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deleting what belongs to somebody: a part with each request, until nothing is left. */
@OnLiberty
@ServedBy({MEMORY, POSTGRES, REDIS})
class DeletionIT {

  private final Http http;

  DeletionIT(ApplicationServer server) {
    http = server.http();
  }

  private static String answer(int deleted, boolean hasMore) {
    return "{\"object\":\"deletion\",\"deleted\":%d,\"has_more\":%b}".formatted(deleted, hasMore);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "safety_identifier"})
  void responsesAreDeletedByTheHundred(String filter) {
    String somebody = unique("somebody");
    String turn = "{\"%s\":\"%s\",\"created_at\":%d}";
    String other = response(http, turn.formatted(filter, somebody + "x", 1));
    List<String> responses = new ArrayList<>();
    for (int i = 1; i <= 250; i++) {
      responses.add(response(http, turn.formatted(filter, somebody, i)));
    }
    String path = "/v1/responses?" + filter + "=" + somebody;

    assertThat(stored(http.delete(path)).text()).isEqualTo(answer(100, true));
    assertThat(http.get(path + "&order=asc&limit=1").ids()).containsExactly(responses.get(100));
    assertThat(stored(http.delete(path)).text()).isEqualTo(answer(100, true));
    assertThat(stored(http.delete(path)).text()).isEqualTo(answer(50, false));
    assertThat(stored(http.delete(path)).text()).isEqualTo(answer(0, false));
    assertThat(http.get(path).ids()).isEmpty();
    assertThat(http.get("/v1/responses/" + responses.get(0)).status()).isEqualTo(404);
    assertThat(http.get("/v1/responses/" + other).status()).isEqualTo(200);
  }

  @Test
  void conversationsAreDeletedByTheHundred() {
    String customer = unique("customer");
    String made = "{\"metadata\":{\"customer\":\"%s\"},\"items\":[%s]}";
    List<String> conversations = new ArrayList<>();
    for (int i = 1; i <= 250; i++) {
      conversations.add(
          stored(
                  http.post(
                      "/v1/conversations",
                      made.formatted(customer, Fixtures.messages(List.of("secret")))))
              .id());
    }
    String path = "/v1/conversations?metadata%5Bcustomer%5D=" + customer;

    assertThat(stored(http.delete(path)).text()).isEqualTo(answer(100, true));
    assertThat(http.get(path + "&order=asc&limit=1").ids()).containsExactly(conversations.get(100));
    assertThat(stored(http.delete(path)).text()).isEqualTo(answer(100, true));
    assertThat(stored(http.delete(path)).text()).isEqualTo(answer(50, false));
    assertThat(stored(http.delete(path)).text()).isEqualTo(answer(0, false));
    assertThat(http.get(path).ids()).isEmpty();
    assertThat(http.get(Fixtures.items(conversations.get(0))).status()).isEqualTo(404);
  }

  @Test
  void feedbackGoesWithItsResponseAndResponsesStayWithoutTheirConversation() {
    String mark = unique("mark");
    String conversation =
        stored(http.post("/v1/conversations", "{\"metadata\":{\"m\":\"%s\"}}".formatted(mark)))
            .id();
    String response =
        response(
            http,
            "{\"conversation\":\"%s\",\"user\":\"%s\",\"input\":\"Will it rain?\"}"
                .formatted(conversation, mark));
    String feedback =
        stored(http.post("/v1/responses/" + response + "/feedback", "{\"rating\":\"positive\"}"))
            .id();

    assertThat(stored(http.delete("/v1/conversations?metadata[m]=" + mark)).text())
        .isEqualTo(answer(1, false));
    assertThat(http.get("/v1/responses/" + response + "/input_items").text())
        .contains("Will it rain?");
    assertThat(http.get("/v1/feedback/" + feedback).status()).isEqualTo(200);

    assertThat(stored(http.delete("/v1/responses?user=" + mark)).text())
        .isEqualTo(answer(1, false));
    assertThat(http.get("/v1/feedback/" + feedback).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a+b", "100%", "a&b=c", "é 😀", "a;b", "[x]", "a\nb", "\"'\\"})
  void aValueIsTakenAsItIs(String value) {
    String key = unique("k");
    String json = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    String conversation =
        stored(
                http.post(
                    "/v1/conversations",
                    "{\"metadata\":{\"%s\":\"%s\"}}".formatted(key + " &[", json)))
            .id();
    String path = "/v1/conversations?" + encoded("metadata[" + key + " &[]") + "=";

    assertThat(stored(http.delete(path + encoded(value + " "))).text()).isEqualTo(answer(0, false));
    assertThat(stored(http.delete(path + encoded(value))).text()).isEqualTo(answer(1, false));
    assertThat(http.get("/v1/conversations/" + conversation).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/responses||missing_required_parameter|Missing required parameter. Expected exactly one"
            + " of: 'user', 'safety_identifier'.",
        "/v1/responses?||missing_required_parameter|Missing required parameter. Expected exactly one"
            + " of: 'user', 'safety_identifier'.",
        "/v1/responses?user=a&safety_identifier=a||mutually_exclusive_parameters|Mutually exclusive"
            + " parameters. Expected exactly one of: 'user', 'safety_identifier'.",
        "/v1/responses?user=a&user=a|user|invalid_value|Invalid 'user': the parameter is given more"
            + " than once.",
        "/v1/responses?user=|user|invalid_value|Invalid 'user': the value cannot be empty.",
        "/v1/responses?user|user|invalid_value|Invalid 'user': the value cannot be empty.",
        "/v1/responses?model=m|model|unknown_parameter|Unknown parameter: 'model'. Expected exactly"
            + " one of: 'user', 'safety_identifier'.",
        "/v1/responses?user=a&limit=1|limit|unknown_parameter|Unknown parameter: 'limit'. Expected"
            + " exactly one of: 'user', 'safety_identifier'.",
        "/v1/responses?metadata[a]=b|metadata[a]|unknown_parameter|Unknown parameter: 'metadata[a]'."
            + " Expected exactly one of: 'user', 'safety_identifier'.",
        "/v1/responses?user=%00|user|invalid_value|Invalid 'user': the character U+0000 is"
            + " not allowed.",
        "/v1/conversations||missing_required_parameter|Missing required parameter. Expected exactly"
            + " one of: 'metadata[key]'.",
        "/v1/conversations?metadata[a]=b&metadata[c]=d||mutually_exclusive_parameters|Mutually"
            + " exclusive parameters. Expected exactly one of: 'metadata[key]'.",
        "/v1/conversations?metadata[a]=b&metadata[a]=b|metadata[a]|invalid_value|Invalid"
            + " 'metadata[a]': the parameter is given more than once.",
        "/v1/conversations?metadata[a]=|metadata[a]|invalid_value|Invalid 'metadata[a]': the value"
            + " cannot be empty.",
        "/v1/conversations?metadata=a|metadata|unknown_parameter|Unknown parameter: 'metadata'."
            + " Expected exactly one of: 'metadata[key]'.",
        "/v1/conversations?user=a|user|unknown_parameter|Unknown parameter: 'user'. Expected exactly"
            + " one of: 'metadata[key]'."
      })
  void whatIsNotExactlyOneFilterIsRefused(
      String target, String param, String code, String message) {
    String kept = response(http, "{\"user\":\"a\",\"safety_identifier\":\"a\"}");

    assertThat(Refusal.of(http.delete(target)))
        .isEqualTo(Refusal.invalid(400, param, code, message));
    assertThat(http.get("/v1/responses/" + kept).status()).isEqualTo(200);
  }
}
