package org.smg.history.storage.jpa;

/**
 * An empty text where a database takes it for none: Oracle cannot tell '' from NULL. It is written
 * as a mark that a reader understands, and a text of nothing but marks has one more.
 */
final class EmptyText {

  /** The sign of the empty set. */
  static final char MARK = '\u2205';

  private EmptyText() {}

  /**
   * @param text may be null
   */
  static String stored(String text) {
    return text != null && marksAlone(text) ? text + MARK : text;
  }

  /**
   * @param stored may be null
   */
  static String read(String stored) {
    return stored != null && marksAlone(stored) ? stored.substring(1) : stored;
  }

  private static boolean marksAlone(String text) {
    return text.chars().allMatch(c -> c == MARK);
  }
}
