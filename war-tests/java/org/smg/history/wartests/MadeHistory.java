package org.smg.history.wartests;

import static org.smg.history.wartests.Fixtures.stored;

import java.util.List;

/**
 * One object of each kind, made by one user.
 *
 * @param item of the conversation
 * @param response recorded in the conversation
 * @param feedback on the response
 * @param mark by which a filter finds it: the conversation's metadata {@code mark}, and the
 *     response's user
 */
record MadeHistory(
    String conversation, String item, String response, String feedback, String mark) {

  private static final String MESSAGE = "{\"role\":\"user\",\"content\":\"secret\"}";

  static MadeHistory by(Http user) {
    String mark = Fixtures.unique("mark");
    String conversation =
        stored(
                user.post(
                    "/v1/conversations",
                    "{\"items\":[%s],\"metadata\":{\"mark\":\"%s\"}}".formatted(MESSAGE, mark)))
            .id();
    String item = stored(user.get(Fixtures.items(conversation))).ids().get(0);
    String response = Fixtures.unique("resp");
    stored(
        user.put(
            "/v1/responses/" + response,
            "{\"conversation\":\"%s\",\"user\":\"%s\",\"input\":[%s],\"output\":[]}"
                .formatted(conversation, mark, MESSAGE)));
    String feedback =
        stored(user.post("/v1/responses/" + response + "/feedback", "{\"rating\":\"positive\"}"))
            .id();
    return new MadeHistory(conversation, item, response, feedback, mark);
  }

  /** Ids of the same shape under which nothing is stored. */
  MadeHistory missing() {
    return new MadeHistory(
        other(conversation), other(item), other(response), other(feedback), other(mark));
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
