package org.smg.history.storage.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The list that a script answered. Most begin with a status, such as {@code ok}. */
record ScriptReply(List<?> values) {

  static ScriptReply of(Object reply) {
    return new ScriptReply((List<?>) reply);
  }

  /** A reply that is only a status. */
  static ScriptReply of(String status) {
    return new ScriptReply(List.of(ScriptCall.bytes(status)));
  }

  String status() {
    return text(0);
  }

  boolean is(String status) {
    return status.equals(status());
  }

  boolean has(int index) {
    return values.size() > index && values.get(index) != null;
  }

  byte[] bytes(int index) {
    return (byte[]) values.get(index);
  }

  String text(int index) {
    return text(values.get(index));
  }

  long number(int index) {
    return (Long) values.get(index);
  }

  ScriptReply list(int index) {
    return of(values.get(index));
  }

  /** The values behind the first one. */
  ScriptReply rest() {
    return new ScriptReply(values.subList(1, values.size()));
  }

  /** All values as texts. */
  List<String> texts() {
    return values.stream().map(ScriptReply::text).toList();
  }

  static String text(Object value) {
    return value == null ? null : new String((byte[]) value, StandardCharsets.UTF_8);
  }
}
