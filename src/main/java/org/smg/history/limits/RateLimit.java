package org.smg.history.limits;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A number of requests a minute, of which all may come at once; those that were used come back
 * evenly over the minute. This is GCRA (ITU-T I.371): all there is to remember is when the last one
 * is back.
 */
final class RateLimit {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final int perMinute;
  private final long interval;
  private final AtomicLong fullAt;

  /**
   * @param now {@code System.nanoTime()}
   */
  RateLimit(int perMinute, long now) {
    this.perMinute = perMinute;
    this.interval = MINUTE / perMinute;
    this.fullAt = new AtomicLong(now);
  }

  int perMinute() {
    return perMinute;
  }

  /** Counts a request, unless there were too many. */
  Allowance take(long now) {
    while (true) {
      long before = fullAt.get();
      // Compared by their difference, as nanoTime may overflow.
      long used = Math.max(before - now, 0);
      long left = interval * perMinute - used;
      if (left < interval) {
        return new Allowance(false, perMinute, 0, used, interval - left);
      }
      if (fullAt.compareAndSet(before, now + used + interval)) {
        return new Allowance(true, perMinute, left / interval - 1, used + interval, 0);
      }
    }
  }

  /** Whether it allows what a new one would. */
  boolean isFull(long now) {
    return fullAt.get() - now <= 0;
  }
}
