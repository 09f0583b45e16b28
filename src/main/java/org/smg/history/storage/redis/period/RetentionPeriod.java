package org.smg.history.storage.redis.period;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long history is kept. A write computes one expiry for all keys that it touches, so that they
 * expire together.
 *
 * @param duration from the last write on, or null for ever
 */
public record RetentionPeriod(Duration duration) {

  /** A write renews what leads to a conversation after this part of the retention, 1/128 of it. */
  private static final int LAG_DIVISOR = 128;

  /** The later one of two expiries. */
  public static String later(String one, String other) {
    return one.equals("-1") || !other.equals("-1") && Long.parseLong(one) > Long.parseLong(other)
        ? one
        : other;
  }

  /** The earlier one of two expiries. */
  public static String sooner(String one, String other) {
    return later(one, other).equals(one) ? other : one;
  }

  public boolean outlasts(RetentionPeriod other) {
    return duration == null || other.duration != null && duration.compareTo(other.duration) >= 0;
  }

  public String name() {
    return duration == null ? "for-ever" : duration.toString();
  }

  /** When something that is written now expires: milliseconds since 1970, or -1 for never. */
  public String expiresAt() {
    return duration == null
        ? "-1"
        : Long.toString(System.currentTimeMillis() + duration.toMillis());
  }

  /**
   * When something expires that was stored at a time.
   *
   * @param micros since 1970
   * @return milliseconds since 1970, or -1 for never
   */
  public String expiresAt(long micros) {
    return duration == null
        ? "-1"
        : Long.toString(Math.floorDiv(micros, 1000L) + duration.toMillis() + 1);
  }

  /** In milliseconds, or -1 for ever. */
  public String millis() {
    return duration == null ? "-1" : Long.toString(duration.toMillis());
  }

  /** Today, in days since 1970; 0 where days do not matter, because nothing expires. */
  public long today() {
    return duration == null ? 0 : day(System.currentTimeMillis());
  }

  /** The first day of which something may still be stored. */
  public long firstDay() {
    return duration == null ? 0 : day(System.currentTimeMillis() - duration.toMillis());
  }

  private static long day(long millis) {
    return TimeUnit.MILLISECONDS.toDays(millis);
  }

  /** Milliseconds by which what leads to a conversation may lag behind its expiry. */
  public String lag() {
    return duration == null ? "0" : Long.toString(duration.toMillis() / LAG_DIVISOR);
  }

  /** An expiry and the lag: until then an entry in an index is of use, though nobody renews it. */
  public String withLag(String expiresAt) {
    return duration == null
        ? "-1"
        : Long.toString(Long.parseLong(expiresAt) + Long.parseLong(lag()));
  }
}
