package org.smg.history.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that administrators may want to know. Neither its message nor a field may hold content
 * of the history or a credential. Whatever else is in them, {@link EventLog} makes one line of it.
 *
 * @param name what programs find it by, such as {@code slow_operation}; operations.md lists all
 * @param message for people: a sentence
 * @param fields in the order in which they are shown; texts, numbers and truth values
 */
public record Event(String name, String message, Map<String, Object> fields) {

  /** An event without fields. */
  public static Event of(String name, String message) {
    return new Event(name, message, Map.of());
  }

  /**
   * The same event with one more field.
   *
   * @param value null where it is not known: then there is no such field
   */
  public Event with(String field, Object value) {
    if (value == null) {
      return this;
    }
    Map<String, Object> more = new LinkedHashMap<>(fields);
    more.put(field, value);
    return new Event(name, message, Collections.unmodifiableMap(more));
  }
}
