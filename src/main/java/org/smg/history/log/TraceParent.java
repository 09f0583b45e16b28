package org.smg.history.log;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header {@code traceparent} of W3C's Trace Context, by which a client names its trace. */
public final class TraceParent {

  public static final String HEADER = "traceparent";

  /** Version, trace id, parent id, flags. Later versions may have more behind them. */
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

  private static final String FIRST_VERSION = "00";
  private static final String NO_VERSION = "ff";

  private TraceParent() {}

  /**
   * The trace id: 32 digits.
   *
   * @return empty if the header is not what the standard says
   */
  public static Optional<String> traceId(String header) {
    Matcher parts = FORM.matcher(header);
    if (!parts.matches()
        || parts.group(1).equals(NO_VERSION)
        || parts.group(1).equals(FIRST_VERSION) && parts.group(4) != null
        || isZero(parts.group(2))
        || isZero(parts.group(3))) {
      return Optional.empty();
    }
    return Optional.of(parts.group(2));
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(digit -> digit == '0');
  }
}
