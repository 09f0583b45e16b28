package org.smg.history.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A chat completion as it comes, whole or in chunks, and the record that is made of it and of its
 * request: a Response object, as a model server would answer it.
 */
public final class ChatAnswer {

  private static final String INCOMPLETE = "incomplete";

  private final Map<Long, ChatMessage> choices = new TreeMap<>();
  private final Map<String, String> members = new HashMap<>();
  private String finishReason;
  private String usage;

  /**
   * Reads a completion, or the next chunk of one.
   *
   * @throws org.smg.history.model.HistoryFailure.Invalid if it is no JSON object, or a member that
   *     is read here has another type than OpenAI's
   */
  public void read(byte[] json) {
    JsonInput in = new JsonInput(json);
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "model", "service_tier" -> {
          boolean isThere = !in.atNull();
          String value = in.raw();
          if (isThere) {
            members.put(name, value);
          }
        }
        case "choices" -> choices(in);
        case "usage" -> usage(in);
        default -> in.skip();
      }
    }
    in.end();
  }

  private void choices(JsonInput in) {
    if (in.atNull()) {
      in.skip();
      return;
    }
    in.enterArray();
    while (in.nextElement()) {
      choice(in);
    }
  }

  private void choice(JsonInput in) {
    long index = 0;
    Span message = null;
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "index" -> index = in.atNull() ? 0 : in.countOrNull();
        case "message", "delta" -> message = in.atObject() ? in.skip() : skipped(in);
        case "finish_reason" -> {
          String reason = in.stringOrNull();
          finishReason = reason == null ? finishReason : reason;
        }
        default -> in.skip();
      }
    }
    if (message != null) {
      byte[] part = in.raw(message).getBytes(UTF_8);
      choices.computeIfAbsent(index, first -> new ChatMessage()).read(new JsonInput(part));
    }
  }

  private static Span skipped(JsonInput in) {
    in.skip();
    return null;
  }

  private void usage(JsonInput in) {
    if (!in.atObject()) {
      in.skip();
      return;
    }
    Map<String, String> counts = new LinkedHashMap<>();
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      switch (name) {
        case "prompt_tokens" -> count(in, counts, "input_tokens");
        case "completion_tokens" -> count(in, counts, "output_tokens");
        case "total_tokens" -> count(in, counts, "total_tokens");
        case "prompt_tokens_details" -> detail(in, counts, "cached_tokens", "input_tokens_details");
        case "completion_tokens_details" ->
            detail(in, counts, "reasoning_tokens", "output_tokens_details");
        default -> in.skip();
      }
    }
    List<String> written = new ArrayList<>();
    counts.forEach((name, json) -> written.add("\"%s\":%s".formatted(name, json)));
    usage = "{%s}".formatted(String.join(",", written));
  }

  private static void count(JsonInput in, Map<String, String> counts, String name) {
    Long count = in.countOrNull();
    if (count != null) {
      counts.put(name, count.toString());
    }
  }

  private static void detail(
      JsonInput in, Map<String, String> counts, String name, String responsesName) {
    if (!in.atObject()) {
      in.skip();
      return;
    }
    in.enterObject();
    for (String member = in.nextMember(); member != null; member = in.nextMember()) {
      if (member.equals(name)) {
        Long count = in.countOrNull();
        if (count != null) {
          counts.put(responsesName, "{\"%s\":%d}".formatted(name, count));
        }
      } else {
        in.skip();
      }
    }
  }

  /** The record of a call that was answered. */
  public TurnDraft record(ChatRequest request, int mostItems) {
    boolean cut = "length".equals(finishReason) || "content_filter".equals(finishReason);
    Map<String, String> response = response(request, cut ? INCOMPLETE : "completed");
    if (cut) {
      response.put(
          "incomplete_details",
          finishReason.equals("length")
              ? "{\"reason\":\"max_output_tokens\"}"
              : "{\"reason\":\"content_filter\"}");
    }
    return draft(response, !cut, mostItems);
  }

  /**
   * The record of a call that failed, with what had arrived.
   *
   * @param code a word for programs
   * @param message for people
   */
  public TurnDraft failure(ChatRequest request, String code, String message, int mostItems) {
    Map<String, String> response = response(request, "failed");
    response.put(
        "error",
        "{\"code\":%s,\"message\":%s}"
            .formatted(JsonOutput.quoted(code), JsonOutput.quoted(message)));
    return draft(response, false, mostItems);
  }

  private Map<String, String> response(ChatRequest request, String status) {
    Map<String, String> response = new LinkedHashMap<>();
    response.put("object", "\"response\"");
    response.put("status", JsonOutput.quoted(status));
    response.putAll(request.members());
    response.putAll(members);
    if (usage != null) {
      response.put("usage", usage);
    }
    return response;
  }

  private TurnDraft draft(Map<String, String> response, boolean finished, int mostItems) {
    List<String> output = new ArrayList<>();
    choices.values().forEach(choice -> output.addAll(choice.output(finished)));
    response.put("output", "[%s]".formatted(String.join(",", output)));
    StringBuilder body = new StringBuilder("{");
    response.forEach(
        (name, json) ->
            body.append(body.length() == 1 ? "\"" : ",\"").append(name).append("\":").append(json));
    return TurnDraft.of(body.append('}').toString().getBytes(UTF_8), mostItems);
  }
}
