package org.smg.history.wartests;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a model says in one turn: as one answer, and as the events of a stream.
 *
 * @param status in which it ends
 * @param reason members that say why, if it is not completed
 */
record ModelAnswer(String status, String reason, List<ModelItem> output) {

  /** The response's id at the model server. */
  static final String ID = "resp_of_the_model_server";

  static ModelAnswer completed(ModelItem... output) {
    return new ModelAnswer("completed", "", List.of(output));
  }

  static ModelAnswer incomplete(ModelItem... output) {
    return new ModelAnswer(
        "incomplete",
        "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},",
        List.of(output));
  }

  static ModelAnswer failed(ModelItem... output) {
    return new ModelAnswer(
        "failed",
        "\"error\":{\"code\":\"server_error\",\"message\":\"The model fell over.\"},",
        List.of(output));
  }

  /** The finished response. */
  String json() {
    return response(
        status,
        reason,
        output.stream().map(ModelItem::json).collect(Collectors.joining(",")),
        "{\"input_tokens\":12,\"input_tokens_details\":{\"cached_tokens\":3,\"cache_write_tokens\":0},\"output_tokens\":5,"
            + "\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":17}");
  }

  private static String response(String status, String reason, String output, String usage) {
    return ("{\"id\":\"%s\",\"object\":\"response\",\"created_at\":1700000000,\"status\":\"%s\",%s"
            + "\"model\":\"m-1\",\"output\":[%s],\"parallel_tool_calls\":true,\"tool_choice\":"
            + "\"auto\",\"tools\":[],\"temperature\":1.0,\"top_p\":0.50,\"text\":{\"format\":{"
            + "\"type\":\"text\"}},\"truncation\":\"disabled\",\"store\":false,\"x_of_the_server\":"
            + "{\"b\":1E2,\"a\":null},\"usage\":%s}")
        .formatted(ID, status, reason, output, usage);
  }

  /** The events in order, each as it is sent. */
  List<String> events() {
    List<ModelEvent> all = new ArrayList<>();
    String begun = "\"response\":" + response("in_progress", "", "", "null");
    all.add(new ModelEvent("response.created", begun));
    all.add(new ModelEvent("response.in_progress", begun));
    for (ModelItem item : output) {
      all.addAll(item.events(output.indexOf(item)));
    }
    all.add(new ModelEvent("response." + status, "\"response\":" + json()));
    List<String> sent = new ArrayList<>();
    for (ModelEvent event : all) {
      sent.add(event.text(sent.size()));
    }
    return sent;
  }
}
