package org.smg.history.storage.redis.layout;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A tenant, an id or another text as a part of a name: percent-encoded, so that it has no brace,
 * colon or space of its own.
 */
public final class NamePart {

  private static final String PLAIN = "-._~";

  private NamePart() {}

  public static String encoded(String text) {
    if (text.chars().allMatch(NamePart::isPlain)) {
      return text;
    }
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(b)) {
        encoded.append((char) b);
      } else {
        encoded.append('%').append("%02X".formatted(b & 0xFF));
      }
    }
    return encoded.toString();
  }

  public static String decoded(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  private static boolean isPlain(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || PLAIN.indexOf(c) >= 0;
  }
}
