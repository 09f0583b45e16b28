package org.smg.history.json.responses;

import static java.util.stream.Collectors.joining;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.smg.history.json.Edits;
import org.smg.history.model.JsonText;

/** What has come of the items of a streamed answer, for the record of one that breaks off. */
final class ArrivedOutput {

  /**
   * Where the text of a delta belongs in its item.
   *
   * @param json what it stands in, with {@code %s} in its place
   * @param isPart whether that is one part of an array
   */
  private record Place(String member, String json, boolean isPart) {}

  private static final Map<String, Place> PLACES =
      Map.of(
          "response.output_text.delta",
          new Place(
              "content",
              "{\"type\":\"output_text\",\"text\":\"%s\",\"annotations\":[],\"logprobs\":[]}",
              true),
          "response.refusal.delta",
          new Place("content", "{\"type\":\"refusal\",\"refusal\":\"%s\"}", true),
          "response.reasoning_text.delta",
          new Place("content", "{\"type\":\"reasoning_text\",\"text\":\"%s\"}", true),
          "response.reasoning_summary_text.delta",
          new Place("summary", "{\"type\":\"summary_text\",\"text\":\"%s\"}", true),
          "response.function_call_arguments.delta",
          new Place("arguments", "\"%s\"", false),
          "response.mcp_call_arguments.delta",
          new Place("arguments", "\"%s\"", false),
          "response.custom_tool_call_input.delta",
          new Place("input", "\"%s\"", false),
          "response.code_interpreter_call_code.delta",
          new Place("code", "\"%s\"", false));

  /** An item that is not complete, and the texts that have come for it. */
  private static final class Arriving {

    private final JsonText begun;
    private final Map<Place, Map<Long, StringBuilder>> texts = new HashMap<>();

    Arriving(JsonText begun) {
      this.begun = begun;
    }

    JsonText json() {
      Map<String, String> members = new LinkedHashMap<>();
      members.put("status", "\"incomplete\"");
      texts.forEach(
          (place, parts) -> {
            String json =
                parts.values().stream()
                    .map(text -> place.json().replace("%s", text))
                    .collect(joining(","));
            members.merge(place.member(), json, (before, more) -> before + "," + more);
          });
      texts.keySet().stream()
          .filter(Place::isPart)
          .map(Place::member)
          .distinct()
          .forEach(member -> members.computeIfPresent(member, (name, parts) -> "[" + parts + "]"));
      return Edits.withMembers(begun, members);
    }
  }

  private final Map<Long, JsonText> complete = new TreeMap<>();
  private final Map<Long, Arriving> arriving = new TreeMap<>();

  /** An item has begun. */
  void begun(Long index, JsonText item) {
    arriving.put(index, new Arriving(item));
  }

  /** An item is complete. */
  void done(Long index, JsonText item) {
    arriving.remove(index);
    complete.put(index, item);
  }

  /**
   * More of an item's text has come.
   *
   * @param type of the event
   * @param part of the item, or null if it has no parts
   * @param text as it stands between the quotes in JSON
   */
  void delta(String type, Long index, Long part, String text) {
    Place place = PLACES.get(type);
    Arriving item = arriving.get(index);
    if (place != null && item != null) {
      item.texts
          .computeIfAbsent(place, first -> new TreeMap<>())
          .computeIfAbsent(part == null ? 0 : part, first -> new StringBuilder())
          .append(text);
    }
  }

  /** The items in order, as JSON with commas between them. */
  String json() {
    Map<Long, JsonText> all = new TreeMap<>(complete);
    arriving.forEach((index, item) -> all.put(index, item.json()));
    return all.values().stream().map(JsonText::toString).collect(joining(","));
  }
}
