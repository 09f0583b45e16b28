package org.smg.history.storage.jpa.rows;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Times as columns hold them: microseconds since 1970-01-01 00:00 UTC, a number that all databases
 * and time zones read alike.
 */
public final class EpochMicros {

  private EpochMicros() {}

  /**
   * @param instant may be null
   */
  public static Long of(Instant instant) {
    return instant == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /**
   * @param micros may be null
   */
  public static Instant toInstant(Long micros) {
    return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
