package org.smg.history.storage.jpa;

import java.util.Locale;
import org.smg.history.model.Key;

/** Texts as they are compared in the database. */
final class Texts {

  /** A control character, of which no id and no filtered field has any. */
  static final String NOWHERE = "\u0001";

  private Texts() {}

  /**
   * What is asked for may hold anything; what no row can hold must not reach the database, which
   * would refuse it or, worse, replace it by something that is there.
   *
   * @param wanted may be null
   */
  static String wanted(String wanted) {
    return wanted == null || wanted.codePoints().noneMatch(Texts::unstorable) ? wanted : NOWHERE;
  }

  static Key wanted(Key key) {
    return new Key(wanted(key.tenant()), wanted(key.id()));
  }

  private static boolean unstorable(int c) {
    return c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  /**
   * @param constant may be null
   */
  static String word(Enum<?> constant) {
    return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> E constant(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
  }
}
