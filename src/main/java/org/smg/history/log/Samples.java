package org.smg.history.log;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Chooses what is written of things that may happen very often, so that nobody can fill the log:
 * the first of each kind, and then at most one a minute.
 */
public final class Samples {

  /** Between two lines of one kind. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

  public Samples(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private static final class Kind {

    private boolean written;
    private long at;
    private long leftOut;

    synchronized OptionalLong take(long now) {
      if (written && now - at < PAUSE.toNanos()) {
        leftOut++;
        return OptionalLong.empty();
      }
      long before = leftOut;
      written = true;
      at = now;
      leftOut = 0;
      return OptionalLong.of(before);
    }
  }

  /**
   * Whether one more is written.
   *
   * @param kind one of few: each is kept as long as this object
   * @return how many of this kind were left out since the last one that was written; empty if this
   *     one is left out
   */
  public OptionalLong take(String kind) {
    return kinds.computeIfAbsent(kind, first -> new Kind()).take(nanoTime.getAsLong());
  }
}
