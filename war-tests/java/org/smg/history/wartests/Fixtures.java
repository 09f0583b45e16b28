package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** What many tests begin with. */
final class Fixtures {

  private Fixtures() {}

  /** A word that no other test has used, in case the server is shared. */
  static String unique(String prefix) {
    return prefix + "_" + UUID.randomUUID();
  }

  /** Makes an empty conversation. */
  static String conversation(Http http) {
    return stored(http.post("/v1/conversations", "{}")).id();
  }

  /** Makes a conversation of messages, twenty at most. */
  static String conversation(Http http, List<String> texts) {
    return stored(http.post("/v1/conversations", "{\"items\":[%s]}".formatted(messages(texts))))
        .id();
  }

  /** Messages of a user, comma-separated. */
  static String messages(List<String> texts) {
    return String.join(
        ",", texts.stream().map("{\"role\":\"user\",\"content\":\"%s\"}"::formatted).toList());
  }

  /**
   * Records a response under a new id.
   *
   * @param body an object; where it says nothing about the output, there is none
   */
  static String response(Http http, String body) {
    String id = unique("resp");
    stored(http.put("/v1/responses/" + id, body.contains("\"output\"") ? body : answered(body)));
    return id;
  }

  /** The same turn, which the model answered with nothing. */
  static String answered(String body) {
    return body.equals("{}") ? "{\"output\":[]}" : "{\"output\":[]," + body.strip().substring(1);
  }

  /** The texts of messages, and the types of all other items. */
  static List<String> words(JsonNode items) {
    return items.isTextual()
        ? List.of(items.textValue())
        : StreamSupport.stream(items.spliterator(), false).map(Fixtures::word).toList();
  }

  private static String word(JsonNode item) {
    JsonNode content = item.path("content");
    if (content.isMissingNode()) {
      return item.path("type").textValue();
    }
    return content.isTextual() ? content.textValue() : content.path(0).path("text").textValue();
  }

  static List<String> ids(JsonNode items) {
    return StreamSupport.stream(items.spliterator(), false)
        .map(item -> item.path("id").textValue())
        .toList();
  }

  static String items(String conversation) {
    return "/v1/conversations/" + conversation + "/items";
  }

  static Answer stored(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer;
  }
}
