package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * OpenAI's error object, with the status that it came with.
 *
 * @param param null if it was null
 * @param code null if it was null
 */
record Refusal(int status, String message, String type, String param, String code) {

  /** What a client is told that made a mistake. */
  static Refusal invalid(int status, String param, String code, String message) {
    return new Refusal(status, message, "invalid_request_error", param, code);
  }

  /** Reads an answer that must be an error in full form. */
  static Refusal of(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isGreaterThanOrEqualTo(400);
    assertThat(answer.header("Content-Type")).as(answer.toString()).startsWith("application/json");
    assertThat(answer.header("x-request-id")).as(answer.toString()).startsWith("req_");
    assertThat(answer.json().fieldNames()).toIterable().containsExactly("error");
    JsonNode error = answer.json().path("error");
    assertThat(error.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("message", "type", "param", "code");
    return new Refusal(
        answer.status(),
        error.path("message").textValue(),
        error.path("type").textValue(),
        error.path("param").textValue(),
        error.path("code").textValue());
  }
}
