package org.smg.history.storage.jpa;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * The pauses between the attempts of one operation: exponential back-off with full jitter, so that
 * transactions that collided do not collide again. They end two seconds after the first failure.
 */
final class Backoff {

  static final Duration LIMIT = Duration.ofSeconds(2);
  static final Duration FIRST_PAUSE = Duration.ofMillis(5);
  static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private final LongUnaryOperator random;
  private long ceiling = FIRST_PAUSE.toNanos();
  private Long deadline;

  /** How a thread pauses. */
  interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
  }

  Backoff() {
    this(
        System::nanoTime,
        pause -> Thread.sleep(pause.toMillis(), pause.toNanosPart() % 1_000_000),
        bound -> ThreadLocalRandom.current().nextLong(bound));
  }

  /**
   * @param nanoTime nanoseconds that pass
   * @param random a number from 0 to below its argument
   */
  Backoff(LongSupplier nanoTime, Sleeper sleeper, LongUnaryOperator random) {
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.random = random;
  }

  /**
   * Pauses before the next attempt; an interruption stays visible in the thread's state.
   *
   * @return whether there should be a next attempt
   */
  boolean pause() {
    long now = nanoTime.getAsLong();
    if (deadline == null) {
      deadline = now + LIMIT.toNanos();
    }
    long pause = random.applyAsLong(ceiling);
    if (now + pause - deadline > 0) {
      return false;
    }
    ceiling = Math.min(2 * ceiling, LONGEST_PAUSE.toNanos());
    try {
      sleeper.sleep(Duration.ofNanos(pause));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
