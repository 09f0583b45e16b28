package org.smg.history.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A request for a chat completion, as the record of it needs it. Its messages become items: what is
 * known by another name in the Responses API gets that name, and everything else stays as it was
 * sent. Texts are copied as they stand in the body, so that nothing in them changes.
 */
public final class ChatRequest {

  /** Members that mean the same in a Response object. */
  private static final Map<String, String> MEMBERS =
      Map.of(
          "model", "model",
          "user", "user",
          "safety_identifier", "safety_identifier",
          "metadata", "metadata",
          "temperature", "temperature",
          "top_p", "top_p",
          "parallel_tool_calls", "parallel_tool_calls",
          "service_tier", "service_tier",
          "prompt_cache_key", "prompt_cache_key",
          "max_completion_tokens", "max_output_tokens");

  private final JsonInput in;
  private final Map<String, String> members = new HashMap<>();
  private final StringBuilder items = new StringBuilder();
  private boolean stored = true;

  private ChatRequest(byte[] body) {
    this.in = new JsonInput(body);
  }

  /**
   * @throws org.smg.history.model.HistoryFailure.Invalid if the body is no JSON object, or a member
   *     that is read here has another type than OpenAI's
   */
  public static ChatRequest of(byte[] body) {
    ChatRequest request = new ChatRequest(body);
    request.read();
    return request;
  }

  /** Whether the client agrees that the call is recorded. */
  public boolean isStored() {
    return stored;
  }

  /** The request as it would be sent to have a response made. */
  public byte[] recorded() {
    StringBuilder body = new StringBuilder("{");
    members.forEach(
        (name, json) -> body.append('"').append(name).append("\":").append(json).append(','));
    return body.append("\"input\":[").append(items).append("]}").toString().getBytes(UTF_8);
  }

  /** Members of the Response object by their names, as JSON. */
  Map<String, String> members() {
    return members;
  }

  /** The items of the input as JSON, with commas between them. */
  String items() {
    return items.toString();
  }

  private void read() {
    Set<String> seen = new HashSet<>();
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (name.equals("messages") && !in.atNull()) {
        in.refuseSecond(seen, name);
        readMessages();
      } else if (name.equals("store") && !in.atNull()) {
        in.refuseSecond(seen, name);
        stored = in.bool();
      } else if (MEMBERS.containsKey(name) && !in.atNull()) {
        in.refuseSecond(seen, name);
        members.put(MEMBERS.get(name), in.raw());
      } else {
        in.skip();
      }
    }
    in.end();
  }

  private void readMessages() {
    in.enterArray();
    while (in.nextElement()) {
      readMessage();
    }
  }

  private void readMessage() {
    String role = null;
    String content = null;
    String callId = null;
    String name = null;
    StringBuilder others = new StringBuilder();
    ChatMessage said = new ChatMessage();
    Set<String> seen = new HashSet<>();
    in.enterObject();
    for (String member = in.nextMember(); member != null; member = in.nextMember()) {
      in.refuseSecond(seen, member);
      if (in.atNull()) {
        in.skip();
        continue;
      }
      switch (member) {
        case "role" -> role = in.string();
        case "content" -> content = content(role);
        case "tool_call_id" -> callId = in.raw();
        case "refusal", "reasoning_content", "tool_calls" -> said.member(in, member);
        case "name" -> name = in.raw();
        default ->
            others.append(',').append(JsonOutput.quoted(member)).append(':').append(in.raw());
      }
    }
    if (callId != null || "function".equals(role)) {
      item(
          "{\"type\":\"function_call_output\",\"call_id\":%s,\"output\":%s%s}"
              .formatted(callId == null ? name : callId, content, others));
      return;
    }
    if (name != null) {
      others.append(",\"name\":").append(name);
    }
    said.reasoning().ifPresent(this::item);
    if (content != null || !said.hasMoreThanText()) {
      item(
          "{\"type\":\"message\",\"role\":%s,\"content\":%s%s}"
              .formatted(role == null ? "null" : JsonOutput.quoted(role), content, others));
    }
    said.refusal().ifPresent(this::item);
    said.toolCalls().forEach(this::item);
  }

  private void item(String json) {
    items.append(items.isEmpty() ? "" : ",").append(json);
  }

  /** The content of a message: a string as it is, and parts under the names of today. */
  private String content(String role) {
    if (!in.atArray()) {
      return in.raw();
    }
    StringBuilder parts = new StringBuilder("[");
    in.enterArray();
    while (in.nextElement()) {
      parts.append(parts.length() == 1 ? "" : ",").append(part("assistant".equals(role)));
    }
    return parts.append(']').toString();
  }

  private String part(boolean answered) {
    if (!in.atObject()) {
      return in.raw();
    }
    int from = in.start();
    String type = null;
    String text = null;
    String image = null;
    in.enterObject();
    for (String member = in.nextMember(); member != null; member = in.nextMember()) {
      switch (member) {
        case "type" -> type = in.atString() ? in.string() : in.raw();
        case "text" -> text = in.raw();
        case "image_url" -> image = in.atObject() ? image() : null;
        default -> in.skip();
      }
    }
    if ("text".equals(type) && text != null) {
      return answered
          ? "{\"type\":\"output_text\",\"text\":%s,\"annotations\":[]}".formatted(text)
          : "{\"type\":\"input_text\",\"text\":%s}".formatted(text);
    }
    if ("image_url".equals(type) && image != null) {
      return "{\"type\":\"input_image\",%s}".formatted(image);
    }
    return in.raw(new Span(from, in.valueEnd()));
  }

  private String image() {
    String url = "null";
    String detail = "\"auto\"";
    in.enterObject();
    for (String member = in.nextMember(); member != null; member = in.nextMember()) {
      switch (member) {
        case "url" -> url = in.raw();
        case "detail" -> detail = in.raw();
        default -> in.skip();
      }
    }
    return "\"image_url\":%s,\"detail\":%s".formatted(url, detail);
  }
}
