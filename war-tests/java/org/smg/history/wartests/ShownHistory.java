package org.smg.history.wartests;

import static org.smg.history.wartests.Fixtures.stored;

/**
 * Two conversations of one team, of which the newer one has four items, a response and feedback.
 *
 * @param team the name by which they are told apart from those of other tests
 */
record ShownHistory(String team, String older, String newer, String response, String feedback) {

  static ShownHistory by(Http http) {
    String team = Fixtures.unique("team");
    String older = conversation(http, team, "What is older?");
    String newer = conversation(http, team, "What is newer?");
    String response =
        Fixtures.response(
            http,
            """
            {"conversation": "%s", "model": "m-1", "metadata": {"team": "%s"},
             "usage": {"input_tokens": 12, "output_tokens": 34, "total_tokens": 46},
             "input": [{"role": "user", "content": "And what is right?"}],
             "output": [
               {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Thinking."}]},
               {"type": "message", "role": "assistant", "status": "completed",
                "content": [{"type": "output_text", "text": "**This** is.", "annotations": []}]}]}
            """
                .formatted(newer, team));
    String feedback =
        stored(
                http.post(
                    "/v1/responses/" + response + "/feedback",
                    "{\"rating\": \"negative\", \"comment\": \"It is not.\", \"author\": \"%s\"}"
                        .formatted(team)))
            .id();
    return new ShownHistory(team, older, newer, response, feedback);
  }

  private static String conversation(Http http, String team, String text) {
    return stored(
            http.post(
                "/v1/conversations",
                "{\"metadata\": {\"team\": \"%s\"}, \"items\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
                    .formatted(team, text)))
        .id();
  }

  /** The route of the list that has these two, the newer one first. */
  String list() {
    return "conversations?metadata%5Bteam%5D=" + team;
  }
}
