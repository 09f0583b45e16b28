package org.smg.history.storage.redis;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A short wait for what another request is about to finish. */
final class Moment {

  private static final Duration LENGTH = Duration.ofSeconds(1);
  private static final Duration STEP = Duration.ofMillis(2);

  private final long end = System.nanoTime() + LENGTH.toNanos();

  /** Waits a little; false once the moment is over. */
  boolean passes() {
    LockSupport.parkNanos(STEP.toNanos());
    return System.nanoTime() - end < 0;
  }

  /** Waits until something holds, or until the moment is over. */
  static void until(BooleanSupplier holds) {
    Moment moment = new Moment();
    boolean waits = true;
    while (waits && !holds.getAsBoolean()) {
      waits = moment.passes();
    }
  }
}
