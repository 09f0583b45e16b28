package org.smg.history.storage.jpa.rows;

import org.smg.history.model.Key;

/**
 * Values that rows are searched by. A client may ask for any text, also for one that no row can
 * hold: U+0000 or half of a surrogate pair. The database must not see such a text: PostgreSQL
 * refuses it, and Oracle replaces characters, so that another row could be found.
 */
public final class SearchValue {

  /** A control character, which no id and no filtered field contains. */
  public static final String MATCHES_NOTHING = "\u0001";

  private SearchValue() {}

  /**
   * The text itself, or one that matches no row if no row can hold it.
   *
   * @param text may be null
   */
  public static String of(String text) {
    return text == null || text.codePoints().noneMatch(SearchValue::isUnstorable)
        ? text
        : MATCHES_NOTHING;
  }

  /** The key with both of its parts made safe to search by. */
  public static Key of(Key key) {
    return new Key(of(key.tenant()), of(key.id()));
  }

  private static boolean isUnstorable(int c) {
    return c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
