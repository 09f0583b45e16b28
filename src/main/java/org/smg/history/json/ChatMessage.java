package org.smg.history.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an assistant says in a chat completion, whole or in pieces that are joined. Texts are kept
 * as they stand between the quotes of JSON, so that joining changes nothing.
 */
final class ChatMessage {

  private final StringBuilder content = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final Map<Long, ToolCall> calls = new TreeMap<>();

  /** A call of a tool: {@code function} or {@code custom}. */
  private static final class ToolCall {

    private String id = "\"\"";
    private boolean custom;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder input = new StringBuilder();

    String json(String status) {
      return custom
          ? "{\"type\":\"custom_tool_call\",\"call_id\":%s,\"name\":\"%s\",\"input\":\"%s\"%s}"
              .formatted(id, name, input, status)
          : "{\"type\":\"function_call\",\"call_id\":%s,\"name\":\"%s\",\"arguments\":\"%s\"%s}"
              .formatted(id, name, input, status);
    }
  }

  /** Reads a message or a part of one. */
  void read(JsonInput in) {
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      member(in, name);
    }
  }

  /** Reads one of its members; what is not known is passed over. */
  void member(JsonInput in, String name) {
    switch (name) {
      case "content" -> append(content, in);
      case "refusal" -> append(refusal, in);
      case "reasoning_content", "reasoning" -> append(reasoning, in);
      case "tool_calls" -> toolCalls(in);
      default -> in.skip();
    }
  }

  private static void append(StringBuilder text, JsonInput in) {
    boolean isText = in.atString();
    Span value = in.skip();
    if (isText) {
      text.append(in.raw(new Span(value.from() + 1, value.to() - 1)));
    }
  }

  private void toolCalls(JsonInput in) {
    if (!in.atArray()) {
      in.skip();
      return;
    }
    in.enterArray();
    while (in.nextElement()) {
      toolCall(in);
    }
  }

  private void toolCall(JsonInput in) {
    long index = calls.size();
    ToolCall read = new ToolCall();
    String id = null;
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "index" -> index = in.atNull() ? index : in.countOrNull();
        case "id" -> id = in.atString() ? in.raw() : skipped(in);
        case "function" -> called(in, read);
        case "custom" -> {
          read.custom = true;
          called(in, read);
        }
        default -> in.skip();
      }
    }
    ToolCall call = calls.computeIfAbsent(index, first -> new ToolCall());
    call.id = id == null ? call.id : id;
    call.custom |= read.custom;
    call.name.append(read.name);
    call.input.append(read.input);
  }

  private static String skipped(JsonInput in) {
    in.skip();
    return null;
  }

  private static void called(JsonInput in, ToolCall call) {
    if (!in.atObject()) {
      in.skip();
      return;
    }
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "name" -> append(call.name, in);
        case "arguments", "input" -> append(call.input, in);
        default -> in.skip();
      }
    }
  }

  /** Whether it says something besides its text. */
  boolean hasMoreThanText() {
    return !refusal.isEmpty() || !calls.isEmpty();
  }

  /** The item of its reasoning, if there is any. */
  Optional<String> reasoning() {
    return reasoning.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "{\"type\":\"reasoning\",\"summary\":[],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"%s\"}]}"
                .formatted(reasoning));
  }

  /** The item of a refusal, if there is one. */
  Optional<String> refusal() {
    return refusal.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"refusal\",\"refusal\":\"%s\"}]}"
                .formatted(refusal));
  }

  /** An item for each call. */
  List<String> toolCalls() {
    return calls.values().stream().map(call -> call.json("")).toList();
  }

  /**
   * All of it, as the output of a response.
   *
   * @param finished whether nothing of it is missing
   */
  List<String> output(boolean finished) {
    String status = ",\"status\":\"%s\"".formatted(finished ? "completed" : "incomplete");
    List<String> parts = new ArrayList<>();
    if (!content.isEmpty()) {
      parts.add("{\"type\":\"output_text\",\"text\":\"%s\",\"annotations\":[]}".formatted(content));
    }
    if (!refusal.isEmpty()) {
      parts.add("{\"type\":\"refusal\",\"refusal\":\"%s\"}".formatted(refusal));
    }
    List<String> items = new ArrayList<>(reasoning().stream().toList());
    if (!parts.isEmpty() || calls.isEmpty()) {
      items.add(
          "{\"type\":\"message\",\"role\":\"assistant\"%s,\"content\":[%s]}"
              .formatted(status, String.join(",", parts)));
    }
    calls.values().forEach(call -> items.add(call.json(status)));
    return items;
  }
}
