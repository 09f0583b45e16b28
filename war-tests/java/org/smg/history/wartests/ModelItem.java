package org.smg.history.wartests;

import java.util.ArrayList;
import java.util.List;

/**
 * An item of a model's answer, and how it grows in a stream.
 *
 * @param id null for an item without one
 * @param json the finished item
 * @param begun the same, when it is announced
 * @param growth what comes between its announcement and its end
 */
record ModelItem(String id, String json, String begun, List<Growth> growth) {

  private static final String CONTENT = "\"content_index\":0,";
  private static final String SUMMARY = "\"summary_index\":0,";

  /**
   * An event about a part of an item.
   *
   * @param members those that are not the same in all of them, with their commas between them
   */
  record Growth(String type, String members) {}

  static ModelItem message(String id, String text) {
    return message(id, text, "completed");
  }

  /** A message that comes in two parts, one word and the rest. */
  static ModelItem message(String id, String text, String status) {
    int cut = text.indexOf(' ') + 1;
    return new ModelItem(
        id,
        messageJson(id, status, "[%s]".formatted(part(text))),
        messageJson(id, "in_progress", "[]"),
        List.of(
            new Growth("content_part.added", CONTENT + "\"part\":" + part("")),
            new Growth("output_text.delta", delta(text.substring(0, cut))),
            new Growth("output_text.delta", delta(text.substring(cut))),
            new Growth(
                "output_text.done", CONTENT + "\"text\":\"%s\",\"logprobs\":[]".formatted(text)),
            new Growth("content_part.done", CONTENT + "\"part\":" + part(text))));
  }

  private static String delta(String text) {
    return CONTENT + "\"delta\":\"%s\",\"logprobs\":[]".formatted(text);
  }

  private static String part(String text) {
    return "{\"type\":\"output_text\",\"text\":\"%s\",\"annotations\":[],\"logprobs\":[]}"
        .formatted(text);
  }

  private static String messageJson(String id, String status, String content) {
    return "{%s\"type\":\"message\",\"role\":\"assistant\",\"status\":\"%s\",\"content\":%s}"
        .formatted(member(id), status, content);
  }

  /** Reasoning that is encrypted for its id: see {@link ScriptedModelServer.Call#respond}. */
  static ModelItem reasoning(String id, String text) {
    String part = "{\"type\":\"summary_text\",\"text\":\"%s\"}";
    return new ModelItem(
        id,
        reasoningJson(id, part.formatted(text)),
        reasoningJson(id, ""),
        List.of(
            new Growth("reasoning_summary_part.added", SUMMARY + "\"part\":" + part.formatted("")),
            new Growth(
                "reasoning_summary_text.delta", SUMMARY + "\"delta\":\"%s\"".formatted(text)),
            new Growth("reasoning_summary_text.done", SUMMARY + "\"text\":\"%s\"".formatted(text)),
            new Growth(
                "reasoning_summary_part.done", SUMMARY + "\"part\":" + part.formatted(text))));
  }

  private static String reasoningJson(String id, String summary) {
    return "{%s\"type\":\"reasoning\",\"summary\":[%s],\"encrypted_content\":\"%s\"}"
        .formatted(member(id), summary, sealed(id));
  }

  /** What reasoning is encrypted to, of this id. */
  static String sealed(String id) {
    return "sealed for " + id;
  }

  static ModelItem call(String id, String callId, String arguments) {
    return call(id, callId, arguments, "completed");
  }

  /**
   * A call of the function {@code look_up}.
   *
   * @param arguments JSON without escapes
   */
  static ModelItem call(String id, String callId, String arguments, String status) {
    String escaped = arguments.replace("\"", "\\\"");
    return new ModelItem(
        id,
        callJson(id, callId, escaped, status),
        callJson(id, callId, "", "in_progress"),
        List.of(
            new Growth("function_call_arguments.delta", "\"delta\":\"%s\"".formatted(escaped)),
            new Growth(
                "function_call_arguments.done",
                "\"name\":\"look_up\",\"arguments\":\"%s\"".formatted(escaped))));
  }

  private static String callJson(String id, String callId, String arguments, String status) {
    return ("{%s\"type\":\"function_call\",\"call_id\":\"%s\",\"name\":\"look_up\","
            + "\"arguments\":\"%s\",\"status\":\"%s\"}")
        .formatted(member(id), callId, arguments, status);
  }

  /** An item of any type, which comes as a whole. */
  static ModelItem whole(String id, String json) {
    return new ModelItem(id, json, json, List.of());
  }

  private static String member(String id) {
    return id == null ? "" : "\"id\":\"%s\",".formatted(id);
  }

  /** The events of this item as the given one of the output, without their numbers. */
  List<ModelEvent> events(int index) {
    List<ModelEvent> events = new ArrayList<>();
    String place = "\"output_index\":" + index;
    events.add(new ModelEvent("response.output_item.added", place + ",\"item\":" + begun));
    String of = (id == null ? "" : "\"item_id\":\"%s\",".formatted(id)) + place + ",";
    for (Growth grown : growth) {
      events.add(new ModelEvent("response." + grown.type(), of + grown.members()));
    }
    events.add(new ModelEvent("response.output_item.done", place + ",\"item\":" + json));
    return events;
  }
}
