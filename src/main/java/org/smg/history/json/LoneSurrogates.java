package org.smg.history.json;

import java.nio.charset.StandardCharsets;

/**
 * Hides halves of surrogate pairs in the names of members, such as {@code "\ud800"}, from the
 * library, which refuses them there although it accepts them in values. Each is masked as {@code
 * \u0000}, which has the same length, so that places in the masked body are places in the body.
 */
final class LoneSurrogates {

  private static final char MASK = '\0';

  /** Of an escape such as {@code \u00e9}, with its backslash. */
  private static final int ESCAPE_LENGTH = 6;

  private LoneSurrogates() {}

  /** The body with masks, or the body itself where there is nothing to mask. */
  static byte[] maskedInNames(byte[] body) {
    if (!hasEscapedSurrogate(body)) {
      return body;
    }
    byte[] masked = body.clone();
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '"') {
        int end = stringEnd(body, i);
        if (isName(body, end)) {
          mask(masked, i, end);
        }
        i = end;
      }
    }
    return masked;
  }

  /** A name as it was sent, so far as anybody asks: with half a surrogate pair for every mask. */
  static String unmasked(String name) {
    return name.replace(MASK, Character.MIN_SURROGATE);
  }

  private static boolean hasEscapedSurrogate(byte[] body) {
    for (int i = 0; i + 2 < body.length; i++) {
      if (body[i] == '\\' && body[i + 1] == 'u' && (body[i + 2] | 0x20) == 'd') {
        return true;
      }
    }
    return false;
  }

  /** Where the closing quote of a string is, or the last byte where there is none. */
  private static int stringEnd(byte[] body, int open) {
    int i = open + 1;
    while (i < body.length && body[i] != '"') {
      i += body[i] == '\\' ? 2 : 1;
    }
    return Math.min(i, body.length - 1);
  }

  private static boolean isName(byte[] body, int end) {
    int i = end + 1;
    while (i < body.length && body[i] > 0 && body[i] <= ' ') {
      i++;
    }
    return i < body.length && body[i] == ':';
  }

  private static void mask(byte[] body, int open, int end) {
    for (int i = open + 1; i < end; i++) {
      if (body[i] == '\\') {
        int unit = escaped(body, i, end);
        if (unit >= 0 && Character.isHighSurrogate((char) unit)) {
          int next = escaped(body, i + ESCAPE_LENGTH, end);
          if (next >= 0 && Character.isLowSurrogate((char) next)) {
            i += ESCAPE_LENGTH;
          } else {
            mask(body, i);
          }
        } else if (unit >= 0 && Character.isLowSurrogate((char) unit)) {
          mask(body, i);
        }
        i += unit >= 0 ? ESCAPE_LENGTH - 1 : 1;
      }
    }
  }

  /** The UTF-16 unit that an escape stands for, or -1 if there is no such escape. */
  private static int escaped(byte[] body, int at, int end) {
    if (at + ESCAPE_LENGTH > end || body[at] != '\\' || body[at + 1] != 'u') {
      return -1;
    }
    String digits = new String(body, at + 2, ESCAPE_LENGTH - 2, StandardCharsets.ISO_8859_1);
    return digits.chars().allMatch(LoneSurrogates::isHexDigit) ? Integer.parseInt(digits, 16) : -1;
  }

  private static boolean isHexDigit(int c) {
    return c >= '0' && c <= '9' || (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
  }

  private static void mask(byte[] body, int at) {
    for (int i = at + 2; i < at + ESCAPE_LENGTH; i++) {
      body[i] = '0';
    }
  }
}
