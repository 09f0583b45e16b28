package org.smg.history.storage.jpa.rows;

import java.util.Locale;

/** Constants of enums as columns hold them: their names in lower case. */
public final class EnumColumns {

  private EnumColumns() {}

  /**
   * @param constant may be null
   */
  public static String toColumn(Enum<?> constant) {
    return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> E toEnum(Class<E> type, String column) {
    return Enum.valueOf(type, column.toUpperCase(Locale.ROOT));
  }
}
