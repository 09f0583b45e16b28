package org.smg.history.storage.redis.script;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Pauses between the attempts at a step that depends on what another request is about to do. The
 * pauses grow from 1 ms to 100 ms and vary at random, so that requests which wait for the same
 * thing do not all try again in the same instant. After three seconds there is no further pause.
 */
public final class BoundedWait {

  static final Duration LIMIT = Duration.ofSeconds(3);
  static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
  static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

  private final LongSupplier nanoClock;
  private final LongConsumer parkNanos;
  private final long end;
  private long longest = SHORTEST_PAUSE.toNanos();

  public BoundedWait() {
    this(System::nanoTime, LockSupport::parkNanos);
  }

  BoundedWait(LongSupplier nanoClock, LongConsumer parkNanos) {
    this.nanoClock = nanoClock;
    this.parkNanos = parkNanos;
    this.end = nanoClock.getAsLong() + LIMIT.toNanos();
  }

  /** Pauses before another attempt; false, without a pause, once the time is over. */
  public boolean pause() {
    if (nanoClock.getAsLong() - end >= 0 || Thread.currentThread().isInterrupted()) {
      return false;
    }
    parkNanos.accept(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    longest = Math.min(2 * longest, LONGEST_PAUSE.toNanos());
    return true;
  }
}
