package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;

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

  static String items(String conversation) {
    return "/v1/conversations/" + conversation + "/items";
  }

  static Answer stored(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return answer;
  }
}
