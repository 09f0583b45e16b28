package org.smg.history.rules;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells the time in microseconds, as it is stored, and never the same time twice: what this server
 * makes later also sorts later.
 */
@ApplicationScoped
public class HistoryClock {

  private final Clock clock;
  private final AtomicLong last = new AtomicLong();

  public HistoryClock() {
    this(Clock.systemUTC());
  }

  HistoryClock(Clock clock) {
    this.clock = clock;
  }

  public Instant now() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    return Instant.EPOCH.plus(
        last.accumulateAndGet(micros, (before, now) -> Math.max(before + 1, now)),
        ChronoUnit.MICROS);
  }
}
