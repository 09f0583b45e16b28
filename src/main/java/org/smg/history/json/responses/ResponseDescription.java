package org.smg.history.json.responses;

import static java.util.stream.Collectors.joining;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.smg.history.json.JsonOutput;
import org.smg.history.model.JsonText;

/**
 * What a Response object says of its request.
 *
 * @param own members that are as this service says, whatever the model server says, as JSON by
 *     their names
 * @param shown members that are so where the model server says nothing
 */
public record ResponseDescription(Map<String, String> own, Map<String, String> shown) {

  /** What a Response object takes from its request, under the same name. */
  static final Set<String> SHOWN =
      Set.of(
          "instructions",
          "max_output_tokens",
          "max_tool_calls",
          "model",
          "moderation",
          "parallel_tool_calls",
          "prompt",
          "prompt_cache_key",
          "prompt_cache_retention",
          "reasoning",
          "safety_identifier",
          "service_tier",
          "temperature",
          "text",
          "tool_choice",
          "tools",
          "top_logprobs",
          "top_p",
          "truncation",
          "user");

  static ResponseDescription of(RequestReader request, String id, long createdAt) {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("id", JsonOutput.quoted(id));
    own.put("object", "\"response\"");
    own.put("created_at", Long.toString(createdAt));
    own.put("background", "false");
    if (request.conversationId != null) {
      own.put("conversation", "{\"id\":%s}".formatted(JsonOutput.quoted(request.conversationId)));
    }
    own.put(
        "previous_response_id",
        request.previousResponseId == null
            ? "null"
            : JsonOutput.quoted(request.previousResponseId));
    own.put("store", Boolean.toString(request.stored));
    own.put("metadata", request.metadataJson);
    Map<String, String> shown = new LinkedHashMap<>();
    // What SDKs read of every Response object.
    shown.put("parallel_tool_calls", "true");
    shown.put("tool_choice", "\"auto\"");
    shown.put("tools", "[]");
    shown.putAll(request.shown);
    return new ResponseDescription(own, shown);
  }

  /** The Response object while it is being made. */
  public JsonText prompt() {
    return response("in_progress", "null", "");
  }

  /**
   * The Response object of a call that failed.
   *
   * @param code a word for programs
   * @param message for people
   * @param output the items that had arrived as JSON, with commas between them
   */
  JsonText failed(String code, String message, String output) {
    String error =
        "{\"code\":%s,\"message\":%s}"
            .formatted(JsonOutput.quoted(code), JsonOutput.quoted(message));
    return response("failed", error, output);
  }

  private JsonText response(String status, String error, String output) {
    Map<String, String> members = new LinkedHashMap<>(own);
    members.put("status", JsonOutput.quoted(status));
    members.put("completed_at", "null");
    members.put("error", error);
    members.put("incomplete_details", "null");
    members.put("output", "[%s]".formatted(output));
    members.put("usage", "null");
    members.putAll(shown);
    return JsonText.of(
        members.entrySet().stream()
            .map(member -> "\"%s\":%s".formatted(member.getKey(), member.getValue()))
            .collect(joining(",", "{", "}")));
  }
}
