package org.smg.history.security;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.smg.history.model.HistoryFailure;

/**
 * Why a reviewer looks at what others made.
 *
 * @param text without control characters, so that it stays on its line of the log
 */
record AccessReason(String text) {

  /** In characters, decoded. */
  private static final int MAX_LENGTH = 500;

  private static final char REPLACEMENT = '\uFFFD';

  /**
   * Reads the header.
   *
   * @param sent percent-encoded UTF-8
   * @throws HistoryFailure.Invalid if it is something else, empty or too long
   */
  static AccessReason of(String sent) {
    String text = decoded(sent);
    if (text == null || text.isBlank() || text.length() > MAX_LENGTH) {
      throw new HistoryFailure.Invalid(
          Callers.REASON_HEADER,
          "invalid_value",
          "Invalid '%s': expected percent-encoded UTF-8 of 1 to %d characters."
              .formatted(Callers.REASON_HEADER, MAX_LENGTH));
    }
    return new AccessReason(text.strip().replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?"));
  }

  static HistoryFailure missing() {
    return new HistoryFailure.Invalid(
        Callers.REASON_HEADER,
        "missing_required_parameter",
        "Missing required header: '%s'. Say why you look at what others made."
            .formatted(Callers.REASON_HEADER));
  }

  /** Null if it cannot be decoded. */
  private static String decoded(String sent) {
    if (!sent.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      return null;
    }
    try {
      // The decoder is one of forms, where a plus is a space.
      String text = URLDecoder.decode(sent.replace("+", "%2B"), StandardCharsets.UTF_8);
      return text.indexOf(REPLACEMENT) < 0 ? text : null;
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
