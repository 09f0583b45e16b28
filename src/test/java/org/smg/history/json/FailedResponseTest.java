package org.smg.history.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smg.history.model.JsonText;

class FailedResponseTest {

  private static String failed(String json) {
    return FailedResponse.of(JsonText.of(json), "lost", "It is \"gone\".").toString();
  }

  @Test
  void onlyTheEndChanges() {
    assertThat(
            failed(
                "{ \"id\": \"r\", \"status\":\"in_progress\",\"error\":null,\"n\":1E2,\"x\":{\"status\":1}}"))
        .isEqualTo(
            "{ \"id\": \"r\", \"status\":\"failed\","
                + "\"error\":{\"code\":\"lost\",\"message\":\"It is \\\"gone\\\".\"},"
                + "\"n\":1E2,\"x\":{\"status\":1}}");
  }

  @Test
  void whatIsNotThereIsAdded() {
    assertThat(failed("{\"id\":\"r\"}"))
        .isEqualTo(
            "{\"status\":\"failed\","
                + "\"error\":{\"code\":\"lost\",\"message\":\"It is \\\"gone\\\".\"},\"id\":\"r\"}");
  }
}
