package org.smg.history.limits;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A limit for each name, and a bounded number of them. One that nobody used for a minute is dropped
 * when the place is needed, which loses nothing. If more names than that send requests within a
 * minute, the rest share one limit.
 */
final class RateLimits {

  static final int MAX_NAMES = 10_000;

  private static final long SWEEP_INTERVAL = TimeUnit.SECONDS.toNanos(1);

  private final ConcurrentMap<String, RateLimit> byName = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, RateLimit> shared = new ConcurrentHashMap<>();
  private final AtomicLong sweptAt;

  /**
   * @param now {@code System.nanoTime()}
   */
  RateLimits(long now) {
    sweptAt = new AtomicLong(now - SWEEP_INTERVAL);
  }

  /** Counts a request under a name, whose limit may have changed since the last one. */
  Allowance take(String name, int perMinute, long now) {
    RateLimit known = byName.get(name);
    if (known == null || known.perMinute() != perMinute) {
      known = added(name, perMinute, now);
    }
    return known.take(now);
  }

  private RateLimit added(String name, int perMinute, long now) {
    if (byName.size() >= MAX_NAMES && !byName.containsKey(name)) {
      sweep(now);
      if (byName.size() >= MAX_NAMES) {
        return shared.computeIfAbsent(perMinute, limit -> new RateLimit(limit, now));
      }
    }
    return byName.compute(
        name,
        (any, known) ->
            known != null && known.perMinute() == perMinute
                ? known
                : new RateLimit(perMinute, now));
  }

  /** Looks at all of them, so not for each request. */
  private void sweep(long now) {
    long last = sweptAt.get();
    if (now - last >= SWEEP_INTERVAL && sweptAt.compareAndSet(last, now)) {
      byName.values().removeIf(limit -> limit.isFull(now));
    }
  }

  int size() {
    return byName.size();
  }
}
