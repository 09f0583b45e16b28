package org.smg.history.log;

import java.util.regex.Pattern;

/** Text as the log shows it: everything in it can be seen, and it stays on its line. */
final class Visible {

  /** Needs no quotation marks between others of its kind. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.:@/+{}-]+");

  private static final String CUT = "...";

  private Visible() {}

  /** The first characters, where there are more of them. */
  static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end) + CUT;
  }

  /** The same text with an escape for each character that is not to be seen. */
  static String text(String text, int length) {
    return escaped(cut(text, length), false);
  }

  /** A value that cannot be taken for two of them, or for the end of the list. */
  static String word(Object value, int length) {
    String text = cut(value.toString(), length);
    return WORD.matcher(text).matches() ? text : '"' + escaped(text, true) + '"';
  }

  private static String escaped(String text, boolean quoted) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (quoted && (c == '"' || c == '\\')) {
                out.append('\\').appendCodePoint(c);
              } else if (isVisible(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(
                    c <= Character.MAX_VALUE ? "\\u%04x".formatted(c) : "\\u{%x}".formatted(c));
              }
            });
    return out.toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
