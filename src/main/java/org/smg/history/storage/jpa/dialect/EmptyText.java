package org.smg.history.storage.jpa.dialect;

/**
 * Empty texts on Oracle, which cannot tell '' from NULL. A text that consists of nothing but marks,
 * and so the empty text too, is stored with one more mark than it has; all others as they are.
 */
final class EmptyText {

  /** The sign of the empty set, which an administrator who sees it understands. */
  static final char MARK = '\u2205';

  private EmptyText() {}

  /**
   * @param text may be null
   */
  static String toColumn(String text) {
    return text != null && isMarksOnly(text) ? text + MARK : text;
  }

  /**
   * @param column may be null
   */
  static String fromColumn(String column) {
    return column != null && isMarksOnly(column) ? column.substring(1) : column;
  }

  private static boolean isMarksOnly(String text) {
    return text.chars().allMatch(c -> c == MARK);
  }
}
