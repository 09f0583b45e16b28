package org.smg.history.api.filter;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The percent-encoding of URLs (RFC 3986, section 2.1), always of UTF-8. */
final class PercentEncoding {

  /** What may stand in a path beside letters and digits, without {@code ;}. */
  private static final String PATH_MARKS = "-._~!$&'()*+,=:@/%";

  private static final String QUERY_MARKS = PATH_MARKS + ";?";

  private PercentEncoding() {}

  /**
   * Whether a path or query as it was sent is ASCII without spaces and control characters, every
   * percent sign begins an encoded byte, and the encoded bytes are UTF-8.
   */
  static boolean isProper(String sent) {
    boolean asciiOnly = true;
    for (int i = 0; i < sent.length(); i++) {
      char c = sent.charAt(i);
      if (c <= ' ' || c >= 0x7F) {
        return false;
      }
      if (c == '%') {
        if (i + 2 >= sent.length()
            || !HexFormat.isHexDigit(sent.charAt(i + 1))
            || !HexFormat.isHexDigit(sent.charAt(i + 2))) {
          return false;
        }
        // Bytes from 80 on are not ASCII.
        asciiOnly &= sent.charAt(i + 1) < '8';
        i += 2;
      }
    }
    return asciiOnly || isUtf8(sent);
  }

  /**
   * A path in which everything is encoded that RFC 3986 does not allow in one, and {@code ;} too:
   * servers and JAX-RS would take what follows it for a matrix parameter and cut it off.
   */
  static String escapePath(String path) {
    return escape(path, PATH_MARKS);
  }

  /** A query in which everything is encoded that RFC 3986 does not allow in one. */
  static String escapeQuery(String query) {
    return escape(query, QUERY_MARKS);
  }

  private static String escape(String sent, String marks) {
    int plain = 0;
    while (plain < sent.length() && isPlain(sent.charAt(plain), marks)) {
      plain++;
    }
    if (plain == sent.length()) {
      return sent;
    }
    StringBuilder escaped = new StringBuilder(sent.length() + 16).append(sent, 0, plain);
    HexFormat hex = HexFormat.of().withUpperCase();
    for (int i = plain; i < sent.length(); i++) {
      char c = sent.charAt(i);
      if (isPlain(c, marks)) {
        escaped.append(c);
      } else {
        escaped.append('%').append(hex.toHexDigits((byte) c));
      }
    }
    return escaped.toString();
  }

  private static boolean isPlain(char c, String marks) {
    return c >= 'a' && c <= 'z'
        || c >= '0' && c <= '9'
        || c >= 'A' && c <= 'Z'
        || marks.indexOf(c) >= 0;
  }

  private static boolean isUtf8(String sent) {
    ByteBuffer bytes = ByteBuffer.allocate(sent.length());
    for (int i = 0; i < sent.length(); i++) {
      char c = sent.charAt(i);
      if (c == '%') {
        bytes.put((byte) HexFormat.fromHexDigits(sent, i + 1, i + 3));
        i += 2;
      } else {
        bytes.put((byte) c);
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
