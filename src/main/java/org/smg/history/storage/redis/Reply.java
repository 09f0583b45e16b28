package org.smg.history.storage.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a script answered: most begin with a word that says how it went. */
record Reply(List<?> values) {

  static Reply of(Object answer) {
    return new Reply((List<?>) answer);
  }

  String word() {
    return text(0);
  }

  boolean is(String word) {
    return word.equals(word());
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

  Reply list(int index) {
    return of(values.get(index));
  }

  Reply rest() {
    return new Reply(values.subList(1, values.size()));
  }

  /** All values as texts. */
  List<String> texts() {
    return values.stream().map(Reply::text).toList();
  }

  static String text(Object value) {
    return value == null ? null : new String((byte[]) value, StandardCharsets.UTF_8);
  }
}
