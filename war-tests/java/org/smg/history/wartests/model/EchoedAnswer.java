package org.smg.history.wartests.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the model says: a thought and a message. Both begin with the first word of the prompt, and
 * the message also tells how many items the model was given, so that whoever reads them can tell
 * where they belong.
 */
final class EchoedAnswer {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String BASIS =
      """
      {"object": "response", "status": "in_progress", "completed_at": null, "error": null,
       "incomplete_details": null, "instructions": null, "max_output_tokens": null, "model": "echo",
       "output": [], "parallel_tool_calls": true, "previous_response_id": null,
       "reasoning": {"effort": null, "summary": null}, "store": false, "temperature": 1.0,
       "text": {"format": {"type": "text"}}, "tool_choice": "auto", "tools": [], "top_p": 1.0,
       "truncation": "disabled", "usage": null, "metadata": {}}
      """;

  private final List<String> pieces = new ArrayList<>();
  private final ObjectNode response = (ObjectNode) JSON.readTree(BASIS);
  private final ObjectNode thought;
  private final ObjectNode message;
  private int sequence;

  /**
   * @param pace says how long the message may be
   */
  EchoedAnswer(JsonNode request, Pace pace) {
    JsonNode input = request.path("input");
    String word = lastText(input).split(" ")[0];
    pieces.add("%s after %d items".formatted(word, input.isArray() ? input.size() : 1));
    int words = pace.fewest() - 2 + Math.floorMod(word.hashCode(), pace.most() - pace.fewest() + 1);
    for (int i = 0; i < words; i++) {
      pieces.add(" word" + i);
    }
    pieces.add(" end");
    response
        .put("id", "resp_" + UUID.randomUUID())
        .put("created_at", Instant.now().getEpochSecond());
    thought = object("reasoning").put("id", "rs_" + UUID.randomUUID());
    thought.putArray("summary").addObject().put("type", "summary_text").put("text", word);
    thought.put("encrypted_content", "secret of " + thought.get("id").stringValue());
    message =
        object("message")
            .put("id", "msg_" + UUID.randomUUID())
            .put("role", "assistant")
            .put("status", "in_progress");
    message.putArray("content");
  }

  private static ObjectNode object(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static String lastText(JsonNode input) {
    JsonNode content = input.isArray() ? input.path(input.size() - 1).path("content") : input;
    return (content.isArray() ? content.path(0).path("text") : content).asString("");
  }

  /** The whole Response. */
  String whole() {
    finish();
    return response.toString();
  }

  private void finish() {
    message.put("status", "completed").putArray("content").add(part(String.join("", pieces)));
    response
        .put("status", "completed")
        .put("completed_at", Instant.now().getEpochSecond())
        .putArray("output")
        .add(thought)
        .add(message);
    ObjectNode usage =
        response.putObject("usage").put("input_tokens", 1).put("output_tokens", pieces.size());
    usage.putObject("input_tokens_details").put("cached_tokens", 0);
    usage.putObject("output_tokens_details").put("reasoning_tokens", 1);
    usage.put("total_tokens", 1 + pieces.size());
  }

  private static ObjectNode part(String text) {
    ObjectNode part = object("output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  /** The stream; events that are sent at the same moment are one text. */
  List<String> stream() {
    List<String> moments = new ArrayList<>();
    moments.add(ofResponse("response.created") + ofResponse("response.in_progress"));
    moments.add(
        ofItem("response.output_item.added", 0, thought)
            + ofItem("response.output_item.done", 0, thought)
            + ofItem("response.output_item.added", 1, message)
            + event(ofText("response.content_part.added").set("part", part(""))));
    for (String piece : pieces) {
      ObjectNode delta = ofText("response.output_text.delta").put("delta", piece);
      delta.putArray("logprobs");
      moments.add(event(delta));
    }
    String text = String.join("", pieces);
    ObjectNode done = ofText("response.output_text.done").put("text", text);
    done.putArray("logprobs");
    finish();
    moments.add(
        event(done)
            + event(ofText("response.content_part.done").set("part", part(text)))
            + ofItem("response.output_item.done", 1, message)
            + ofResponse("response.completed")
            + "data: [DONE]\n\n");
    return moments;
  }

  private String ofResponse(String type) {
    return event(object(type).set("response", response));
  }

  private String ofItem(String type, int index, ObjectNode item) {
    return event(object(type).put("output_index", index).set("item", item));
  }

  private ObjectNode ofText(String type) {
    return object(type)
        .put("item_id", message.get("id").stringValue())
        .put("output_index", 1)
        .put("content_index", 0);
  }

  private String event(ObjectNode data) {
    data.put("sequence_number", sequence++);
    return "event: %s\ndata: %s\n\n".formatted(data.get("type").stringValue(), data);
  }
}
