package org.smg.history.storage.jpa.rows;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Texts and metadata in JSON's notation: it can be read in the database, and it escapes the
 * characters that a database refuses (U+0000, halves of surrogate pairs). The readers understand
 * only what the writers here wrote.
 */
public final class JsonStrings {

  private JsonStrings() {}

  /**
   * @param text may be null
   */
  public static String quote(String text) {
    return text == null ? null : quote(text, new StringBuilder(text.length() + 2)).toString();
  }

  /**
   * @param quoted may be null
   */
  static String unquote(String quoted) {
    return quoted == null ? null : new Reader(quoted).string();
  }

  /** Writes an object in the map's order. */
  static String object(Map<String, String> entries) {
    StringBuilder out = new StringBuilder("{");
    entries.forEach(
        (key, value) -> {
          if (out.length() > 1) {
            out.append(',');
          }
          quote(key, out).append(':');
          quote(value, out);
        });
    return out.append('}').toString();
  }

  /** Reads an object, in its order. */
  static Map<String, String> entries(String object) {
    Map<String, String> entries = new LinkedHashMap<>();
    Reader reader = new Reader(object);
    while (reader.next() == '"') {
      entries.put(reader.string(), reader.string());
    }
    return entries;
  }

  private static StringBuilder quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || Character.isSurrogate(c)) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        if (c == '"' || c == '\\') {
          out.append('\\');
        }
        out.append(c);
      }
    }
    return out.append('"');
  }

  private static final class Reader {

    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    /** The next quote, or the end of the object. */
    char next() {
      while (text.charAt(at) != '"' && text.charAt(at) != '}') {
        at++;
      }
      return text.charAt(at);
    }

    String string() {
      StringBuilder out = new StringBuilder();
      next();
      for (at++; text.charAt(at) != '"'; at++) {
        out.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
      }
      at++;
      return out.toString();
    }

    private char escaped() {
      at++;
      if (text.charAt(at) != 'u') {
        return text.charAt(at);
      }
      at += 4;
      return (char) Integer.parseInt(text, at - 3, at + 1, 16);
    }
  }
}
