package org.smg.history.security.jwt;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where a token says something: the name of a claim, or, if it begins with a slash, a JSON pointer
 * (RFC 6901) such as {@code /realm_access/roles}.
 */
record Claim(String text) {

  private static final Pattern POINTER = Pattern.compile("(?:/(?:[^/~]|~[01])*)+");
  private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");

  /**
   * @throws IllegalArgumentException with the fault
   */
  static Claim of(String text) {
    if (text.isEmpty() || text.startsWith("/") && !POINTER.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "is neither the name of a claim nor a JSON pointer such as /realm_access/roles");
    }
    return new Claim(text);
  }

  /** What the token says; null if nothing. */
  Object in(Map<String, Object> claims) {
    if (!text.startsWith("/")) {
      return claims.get(text);
    }
    Object found = claims;
    for (String step : text.substring(1).split("/", -1)) {
      found = below(found, step.replace("~1", "/").replace("~0", "~"));
    }
    return found;
  }

  private static Object below(Object value, String step) {
    if (value instanceof Map<?, ?> object) {
      return object.get(step);
    }
    if (value instanceof List<?> array && INDEX.matcher(step).matches()) {
      int index = Integer.parseInt(step);
      return index < array.size() ? array.get(index) : null;
    }
    return null;
  }
}
