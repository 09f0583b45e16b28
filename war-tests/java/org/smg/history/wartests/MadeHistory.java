package org.smg.history.wartests;

import static org.smg.history.wartests.Fixtures.stored;

import java.util.List;

/**
 * One object of each kind, made by one user.
 *
 * @param item of the conversation
 * @param response recorded in the conversation
 * @param feedback on the response
 */
record MadeHistory(String conversation, String item, String response, String feedback) {

  private static final String MESSAGE = "{\"role\":\"user\",\"content\":\"secret\"}";

  static MadeHistory by(Http user) {
    String conversation =
        stored(user.post("/v1/conversations", "{\"items\":[%s]}".formatted(MESSAGE))).id();
    String item = stored(user.get(Fixtures.items(conversation))).ids().get(0);
    String response = Fixtures.unique("resp");
    stored(
        user.put(
            "/v1/responses/" + response,
            "{\"conversation\":\"%s\",\"input\":[%s],\"output\":[]}"
                .formatted(conversation, MESSAGE)));
    String feedback =
        stored(user.post("/v1/responses/" + response + "/feedback", "{\"rating\":\"positive\"}"))
            .id();
    return new MadeHistory(conversation, item, response, feedback);
  }

  /** Ids of the same shape under which nothing is stored. */
  MadeHistory missing() {
    return new MadeHistory(other(conversation), other(item), other(response), other(feedback));
  }

  /** Ids end in hexadecimal digits. */
  private static String other(String id) {
    return id.substring(0, id.length() - 1) + (id.endsWith("x") ? 'y' : 'x');
  }

  List<String> ids() {
    return List.of(conversation, item, response, feedback);
  }

  /** Everything of it, as its maker sees it. */
  String seenBy(Http maker) {
    return String.join(
        "\n",
        List.of(
            maker.get("/v1/conversations/" + conversation).text(),
            maker.get(Fixtures.items(conversation)).text(),
            maker.get("/v1/responses/" + response).text(),
            maker.get("/v1/responses/" + response + "/feedback").text()));
  }
}
