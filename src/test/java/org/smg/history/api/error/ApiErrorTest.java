package org.smg.history.api.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.model.HistoryFailure;

class ApiErrorTest {

  @Test
  void anUnavailableBackendAsksToRetryAndTellsNothingElse() {
    ApiError error =
        ApiError.of(
            new HistoryFailure.Unavailable("db.internal:5432 refused", new Exception("secret")),
            "GET",
            "/v1/conversations");

    assertThat(error.status()).isEqualTo(503);
    assertThat(error.headers()).isEqualTo(Map.of("Retry-After", "1"));
    assertThat(error.body().chunks().get(0))
        .hasToString(
            "{\"error\":{\"message\":\"The history is not available at the moment."
                + " Please retry in a few seconds.\",\"type\":\"server_error\","
                + "\"param\":null,\"code\":null}}");
  }

  @Test
  void aFilterThatIsTooBroadSaysHowToNarrowIt() {
    ApiError error = ApiError.of(new HistoryFailure.FilterTooBroad(10_000), "GET", "/v1/responses");

    assertThat(error.status()).isEqualTo(400);
    assertThat(error.body().chunks().get(0))
        .hasToString(
            "{\"error\":{\"message\":\"The filter is too broad: too few of 10000 entries meet it."
                + " Narrow it by a range of time, or by a conversation, a user, a safety identifier"
                + " or a response.\",\"type\":\"invalid_request_error\","
                + "\"param\":null,\"code\":\"filter_too_broad\"}}");
  }

  @Test
  void aFaultOfTheServerTellsNothing() {
    ApiError error = ApiError.of(new IllegalStateException("secret"), "GET", "/v1/conversations");

    assertThat(error.status()).isEqualTo(500);
    assertThat(error.body().chunks().get(0).toString())
        .contains("server_error")
        .doesNotContain("secret");
  }

  /** Whether it was carried out is not known, and repeated, it would be carried out twice. */
  @ParameterizedTest
  @CsvSource({"POST,true", "GET,false", "PUT,false", "DELETE,false"})
  void aPostThatFailedIsNotToBeRepeated(String method, boolean once) {
    List<Throwable> failures =
        List.of(new HistoryFailure.Unavailable("away", null), new IllegalStateException());

    for (Throwable failure : failures) {
      assertThat(ApiError.of(failure, method, "/v1/conversations").headers().get("x-should-retry"))
          .isEqualTo(once ? "false" : null);
    }
    assertThat(ApiError.of(503, method, "/").headers().get("x-should-retry"))
        .isEqualTo(once ? "false" : null);
    assertThat(ApiError.of(404, method, "/").headers()).isEmpty();
  }

  @Test
  void aPostWithAnIdempotencyKeyCanBeRepeated() {
    ApiError error =
        ApiError.of(new HistoryFailure.Unavailable("away", null), "POST", "/v1/conversations")
            .repeatable();

    assertThat(error.status()).isEqualTo(503);
    assertThat(error.headers()).isEqualTo(Map.of("Retry-After", "1"));
  }

  @Test
  void halfACharacterInAMessageIsReplaced() {
    ApiError error =
        ApiError.of(new HistoryFailure.Invalid("a\ud800", null, "b\udc00"), "GET", "/");

    assertThat(error.body().chunks().get(0).toString()).contains("\"b?\"").contains("\"a?\"");
  }
}
