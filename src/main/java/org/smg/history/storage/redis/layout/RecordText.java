package org.smg.history.storage.redis.layout;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values under names as text, in a line each: the name, a space, the value. A backslash begins what
 * would not be read back as it was: {@code \n} for a line break, {@code \s} for a space in a name,
 * {@code \}{@code uD800} for a surrogate, of which UTF-8 knows pairs alone.
 */
public final class RecordText {

  private RecordText() {}

  /**
   * @param values in order; those that are null are left out
   */
  public static String of(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (name, value) -> {
          if (value != null) {
            text.append(word(name)).append(' ').append(line(value)).append('\n');
          }
        });
    return text.toString();
  }

  public static Map<String, String> parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int from = 0; from < text.length(); ) {
      int space = text.indexOf(' ', from);
      int end = text.indexOf('\n', space);
      values.put(unescape(text.substring(from, space)), unescape(text.substring(space + 1, end)));
      from = end + 1;
    }
    return values;
  }

  /** A text without spaces and line breaks. */
  public static String word(String text) {
    return line(text).replace(" ", "\\s");
  }

  private static String line(String text) {
    if (text.chars().noneMatch(c -> c == '\\' || c == '\n' || Character.isSurrogate((char) c))) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        default -> {
          if (Character.isSurrogate(c)) {
            escaped.append("\\u").append("%04X".formatted((int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }

  /** The text that {@link #word} was given. */
  public static String unescape(String escaped) {
    if (escaped.indexOf('\\') < 0) {
      return escaped;
    }
    StringBuilder text = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      switch (escaped.charAt(++i)) {
        case 'n' -> text.append('\n');
        case 's' -> text.append(' ');
        case 'u' -> {
          text.append((char) Integer.parseInt(escaped.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> text.append('\\');
      }
    }
    return text.toString();
  }
}
