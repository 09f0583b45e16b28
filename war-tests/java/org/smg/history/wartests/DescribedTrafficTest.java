package org.smg.history.wartests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tests of the WAR would not find out, if everything were taken for described. */
class DescribedTrafficTest {

  private static final String ID = "x-request-id: req_0123456789abcdef0123456789abcdef";
  private static final String JSON = "Content-Type: application/json";
  private static final String CONVERSATION =
      "{\"id\":\"conv_0651f0f1f2a3b4c5d6e7f8091a2b3c4d\",\"object\":\"conversation\","
          + "\"created_at\":1,\"metadata\":{}}";
  private static final String ERROR =
      "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"param\":null,"
          + "\"code\":null}}";

  private static Answer answer(int status, String body, String... headers) {
    List<String> head = new ArrayList<>(List.of("HTTP/1.1 " + status));
    head.addAll(List.of(headers));
    return new Answer(head, body.getBytes(UTF_8));
  }

  private static void check(String method, String target, String body, Answer answer) {
    DescribedTraffic.check(
        method,
        target,
        body.isEmpty() ? List.of() : List.of(JSON),
        () -> body.getBytes(UTF_8),
        answer);
  }

  private static Answer conversation() {
    return answer(200, CONVERSATION, ID, JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"items\":null,\"metadata\":null,\"unknown\":1}",
        "{\"items\":[{\"role\":\"user\",\"content\":\"é\"}]}",
        "{\"items\":[{\"id\":\"a\"},{\"type\":\"acme:x\",\"role\":null,\"n\":1e400}]}"
      })
  void whatIsDescribedPasses(String body) {
    assertThatCode(() -> check("POST", "/v1/conversations?beta=true", body, conversation()))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"items\":1}",
        "{\"items\":[{\"content\":\"without a role\"}]}",
        "{\"items\":[{\"role\":\"king\",\"content\":\"\"}]}",
        "{\"items\":[{\"id\":\"a/b\"}]}",
        "{\"metadata\":{\"a\":1}}",
        "{\"metadata\":"
      })
  void aRequestThatMustBeRefusedIsFoundIfItIsAccepted(String body) {
    assertThatThrownBy(() -> check("POST", "/v1/conversations", body, conversation()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("POST /conversations");
  }

  @Test
  void ifItIsRefusedItIsNotLookedInto() {
    assertThatCode(
            () -> check("POST", "/v1/conversations", "{\"items\":1}", answer(400, ERROR, ID, JSON)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "limit=101",
    "limit=x",
    "limit=1&limit=2",
    "order=up",
    "created_after=-1",
    "created_before=253402300800"
  })
  void soIsAParameterThatMustBeRefused(String query) {
    Answer page =
        answer(
            200,
            "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,"
                + "\"has_more\":false}",
            ID,
            JSON);

    assertThatCode(() -> check("GET", "/v1/conversations?limit=1", "", page))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check("GET", "/v1/conversations?" + query, "", page))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void aMissingBodyIsFound() {
    assertThatThrownBy(() -> check("POST", "/v1/conversations/c", "", conversation()))
        .hasMessageContaining("without its body");
  }

  @Test
  void anAnswerThatIsNotDescribedIsFound() {
    List.of(
            answer(201, CONVERSATION, ID, JSON),
            answer(418, ERROR, ID, JSON),
            answer(404, CONVERSATION, ID, JSON),
            answer(200, ERROR, ID, JSON),
            answer(200, CONVERSATION.replace("\"metadata\":{}", "\"metadata\":null"), ID, JSON),
            answer(200, CONVERSATION.replace("\"metadata\":{}", "\"more\":{}"), ID, JSON),
            answer(200, CONVERSATION, ID, "Content-Type: text/plain"),
            answer(200, CONVERSATION, ID),
            answer(200, CONVERSATION, JSON),
            answer(200, CONVERSATION, "x-request-id: 1", JSON),
            answer(200, CONVERSATION, ID, JSON, "x-ratelimit-limit-requests: many"),
            answer(200, "", ID, JSON),
            answer(401, ERROR, ID, JSON),
            answer(404, "", ID))
        .forEach(
            answer ->
                assertThatThrownBy(() -> check("GET", "/v1/conversations/c", "", answer))
                    .as(answer.toString())
                    .isInstanceOf(AssertionError.class));
  }

  /** GlassFish answers so if the chunks of a body are malformed. */
  @Test
  void aBrokenRequestMayBeRefusedWithoutABody() {
    assertThatCode(() -> check("POST", "/v1/conversations", "", answer(400, "", ID)))
        .doesNotThrowAnyException();
  }

  /** The last one of these is not of the service: Open Liberty refuses such a path. */
  @ParameterizedTest
  @CsvSource({
    "GET,/health/ready,200",
    "GET,/v1/nothing,404",
    "PATCH,/v1/conversations,405",
    "GET,/v1/conversations/a/b,404",
    "GET,/v1/conversations/%00,400"
  })
  void whatIsNoTrafficOfTheApiIsPassedOver(String method, String target, int status) {
    assertThatCode(() -> check(method, target, "", answer(status, "anything")))
        .doesNotThrowAnyException();
  }
}
