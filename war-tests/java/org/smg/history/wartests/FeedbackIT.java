package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users thought of responses. */
@OnLiberty
@ServedBy({MEMORY, POSTGRES, REDIS})
class FeedbackIT {

  private final Http http;

  FeedbackIT(ApplicationServer server) {
    http = server.http();
  }

  @Test
  void feedbackTakesOverTheConversationAndModelOfItsResponse() {
    String conversation = Fixtures.conversation(http);
    String response =
        Fixtures.response(
            http, "{\"model\":\"m\",\"conversation\":\"%s\"}".formatted(conversation));

    Answer given =
        give(
            response,
            "{\"rating\":\"negative\",\"comment\":\"\\u0001 \u00e9\",\"author\":\"ann\",\"metadata\":{\"k\":\"v\"}}");

    JsonNode feedback = given.json();
    assertThat(feedback.fieldNames())
        .toIterable()
        .containsExactly(
            "id",
            "object",
            "created_at",
            "response_id",
            "conversation_id",
            "model",
            "rating",
            "comment",
            "author",
            "metadata");
    assertThat(feedback.path("id").textValue()).matches("fb_[0-9a-f]{32}");
    assertThat(feedback.path("object").textValue()).isEqualTo("feedback");
    assertThat(feedback.path("response_id").textValue()).isEqualTo(response);
    assertThat(feedback.path("conversation_id").textValue()).isEqualTo(conversation);
    assertThat(feedback.path("model").textValue()).isEqualTo("m");
    assertThat(feedback.path("rating").textValue()).isEqualTo("negative");
    assertThat(feedback.path("comment").textValue()).isEqualTo("\u0001 \u00e9");
    assertThat(feedback.path("author").textValue()).isEqualTo("ann");
    assertThat(feedback.path("metadata").toString()).isEqualTo("{\"k\":\"v\"}");
    assertThat(http.get("/v1/feedback/" + given.id()).text()).isEqualTo(given.text());
  }

  @Test
  void aRatingIsEnough() {
    JsonNode feedback =
        give(Fixtures.response(http, "{}"), "{\"rating\":\"positive\",\"comment\":null}").json();

    assertThat(feedback.path("comment").isNull()).isTrue();
    assertThat(feedback.path("author").isNull()).isTrue();
    assertThat(feedback.path("conversation_id").isNull()).isTrue();
    assertThat(feedback.path("metadata").toString()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|rating|missing_required_parameter|Missing required parameter: 'rating'.",
        "{\"rating\":null}|rating|missing_required_parameter|Missing required parameter: 'rating'.",
        "{\"rating\":\"good\"}|rating|invalid_value|Invalid value: 'good'. Supported values are:"
            + " 'positive' and 'negative'.",
        "{\"rating\":1}|rating|invalid_type|Invalid type for 'rating': expected a string, but got an"
            + " integer instead.",
        "{\"rating\":\"positive\",\"stars\":5}|stars|unknown_parameter|Unknown parameter: 'stars'.",
        "{\"rating\":\"positive\",\"rating\":\"negative\"}|rating|invalid_value|Invalid 'rating': the"
            + " member comes twice.",
        "{\"rating\":\"positive\",\"author\":\"a\\nb\"}|author|invalid_value|Invalid 'author': control"
            + " characters are not allowed.",
        "{\"rating\":\"positive\",\"comment\":\"\\ud800\"}|comment|invalid_value|Invalid 'comment':"
            + " half of a surrogate pair is not a character.",
        "{\"rating\":\"positive\",\"metadata\":{\"a\":1}}|metadata.a|invalid_type|Invalid type for"
            + " 'metadata.a': expected a string, but got an integer instead."
      })
  void aFaultIsNamedByItsPlace(String body, String param, String code, String message) {
    String response = Fixtures.response(http, "{}");

    assertThat(Refusal.of(http.post(feedbackOf(response), body)))
        .isEqualTo(Refusal.invalid(400, param, code, message));
    assertThat(http.get(feedbackOf(response)).ids()).isEmpty();
  }

  @Test
  void aCommentHasTenThousandCharactersAtMost() {
    String response = Fixtures.response(http, "{}");
    String body = "{\"rating\":\"positive\",\"comment\":\"%s\"}";

    give(response, body.formatted("c".repeat(10_000)));
    Refusal refusal =
        Refusal.of(http.post(feedbackOf(response), body.formatted("c".repeat(10_001))));

    assertThat(refusal.param()).isEqualTo("comment");
    assertThat(refusal.code()).isEqualTo("string_above_max_length");
  }

  @Test
  void feedbackOnWhatIsNotStoredIsRefused() {
    assertThat(Refusal.of(http.post(feedbackOf("resp_none"), "{\"rating\":\"positive\"}")))
        .isEqualTo(Refusal.invalid(404, null, null, "Response with id 'resp_none' not found."));
  }

  @Test
  void theListIsFilteredByEverythingGiven() {
    String model = unique("model");
    String conversation = Fixtures.conversation(http);
    String one = Fixtures.response(http, "{\"model\":\"%s\"}".formatted(model));
    String two =
        Fixtures.response(
            http, "{\"model\":\"%s\",\"conversation\":\"%s\"}".formatted(model, conversation));
    String good = give(one, "{\"rating\":\"positive\",\"author\":\"ann\"}").id();
    String bad = give(two, "{\"rating\":\"negative\",\"author\":\"bob\"}").id();
    String list = "/v1/feedback?model=" + model;

    assertThat(http.get(list).ids()).containsExactly(bad, good);
    assertThat(http.get(list + "&order=asc").ids()).containsExactly(good, bad);
    assertThat(http.get(list + "&rating=positive").ids()).containsExactly(good);
    assertThat(http.get(list + "&author=bob").ids()).containsExactly(bad);
    assertThat(http.get(list + "&response_id=" + one).ids()).containsExactly(good);
    assertThat(http.get(list + "&conversation_id=" + conversation).ids()).containsExactly(bad);
    assertThat(http.get(list + "&rating=positive&author=bob").ids()).isEmpty();
    assertThat(http.get(list + "&created_after=4000000000").ids()).isEmpty();
    assertThat(http.get(list + "&created_before=4000000000").ids()).hasSize(2);
    assertThat(http.get(feedbackOf(two)).ids()).containsExactly(bad);
  }

  @Test
  void theListIsPagedInBothDirections() {
    String response = Fixtures.response(http, "{}");
    String first = give(response, "{\"rating\":\"positive\"}").id();
    String second = give(response, "{\"rating\":\"negative\"}").id();
    String third = give(response, "{\"rating\":\"positive\"}").id();
    String list = feedbackOf(response) + "?limit=1&order=asc";

    assertThat(http.get(list).ids()).containsExactly(first);
    assertThat(http.get(list + "&after=" + first).ids()).containsExactly(second);
    assertThat(http.get(list + "&before=" + third).ids()).containsExactly(second);
    assertThat(http.get(list + "&after=" + second).json().path("has_more").booleanValue())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/feedback?rating=good|400|rating|invalid_value|Invalid value: 'good'. Supported values"
            + " are: 'positive' and 'negative'.",
        "/v1/feedback?stars=5|400|stars|unknown_parameter|Unknown parameter: 'stars'.",
        "/v1/feedback?before=nowhere|404|before||No feedback found with id 'nowhere'",
        "/v1/responses/r/feedback?rating=positive|400|rating|unknown_parameter|Unknown parameter:"
            + " 'rating'.",
        "/v1/feedback/nowhere|404|||Feedback with id 'nowhere' not found."
      })
  void aFaultInAPathOrQueryIsNamed(
      String target, int status, String param, String code, String message) {
    assertThat(Refusal.of(http.get(target)))
        .isEqualTo(Refusal.invalid(status, param, code, message));
  }

  @Test
  void deletedFeedbackIsNotFoundAnyMore() {
    String response = Fixtures.response(http, "{}");
    String kept = give(response, "{\"rating\":\"positive\"}").id();
    String id = give(response, "{\"rating\":\"negative\"}").id();

    assertThat(stored(http.delete("/v1/feedback/" + id)).text())
        .isEqualTo(
            "{\"id\":\"%s\",\"object\":\"feedback.deleted\",\"deleted\":true}".formatted(id));

    Refusal gone =
        Refusal.invalid(404, null, null, "Feedback with id '%s' not found.".formatted(id));
    assertThat(Refusal.of(http.get("/v1/feedback/" + id))).isEqualTo(gone);
    assertThat(Refusal.of(http.delete("/v1/feedback/" + id))).isEqualTo(gone);
    assertThat(http.get(feedbackOf(response)).ids()).containsExactly(kept);
  }

  @Test
  void feedbackGoesWithItsResponse() {
    String response = Fixtures.response(http, "{}");
    List<String> ids =
        List.of(
            give(response, "{\"rating\":\"positive\"}").id(),
            give(response, "{\"rating\":\"negative\"}").id());

    stored(http.delete("/v1/responses/" + response));

    assertThat(ids)
        .allSatisfy(id -> assertThat(http.get("/v1/feedback/" + id).status()).isEqualTo(404));
    assertThat(http.get("/v1/feedback?response_id=" + response).ids()).isEmpty();
  }

  private Answer give(String response, String body) {
    return stored(http.post(feedbackOf(response), body));
  }

  private static String feedbackOf(String response) {
    return "/v1/responses/" + response + "/feedback";
  }
}
