package org.smg.history.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.smg.history.json.JsonLine;

/** How an event becomes the message of a log record. */
public enum LogFormat {
  /** The sentence, and the fields in parentheses: {@code A sentence (name=value name="a b")}. */
  TEXT {
    @Override
    String line(Event event) {
      String message = Visible.text(event.message(), MAX_MESSAGE);
      return event.fields().isEmpty()
          ? message
          : event.fields().entrySet().stream()
              .map(field -> field.getKey() + "=" + Visible.word(field.getValue(), MAX_VALUE))
              .collect(Collectors.joining(" ", message + " (", ")"));
    }
  },

  /** One JSON object of ASCII characters. */
  JSON {
    @Override
    String line(Event event) {
      return JsonLine.of(members(event));
    }
  };

  /** In characters, before escaping: longer messages are cut. */
  static final int MAX_MESSAGE = 2000;

  /** In characters, before escaping: longer values are cut. */
  static final int MAX_VALUE = 512;

  /** One line, whatever the event holds. */
  abstract String line(Event event);

  /** JSON with the stack trace as a further member. */
  String line(Event event, LoggedFailure failure) {
    Map<String, Object> members = members(event);
    members.put("stack", failure.trace());
    return JsonLine.of(members);
  }

  private static Map<String, Object> members(Event event) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("event", event.name());
    members.put("message", Visible.cut(event.message(), MAX_MESSAGE));
    event
        .fields()
        .forEach(
            (name, value) ->
                members.put(
                    name,
                    value instanceof Number || value instanceof Boolean
                        ? value
                        : Visible.cut(value.toString(), MAX_VALUE)));
    return members;
  }
}
