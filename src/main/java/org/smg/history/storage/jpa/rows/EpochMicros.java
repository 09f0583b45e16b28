package org.smg.history.storage.jpa;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as they are stored: microseconds since 1970, which every database reads alike. */
final class Micros {

  private Micros() {}

  /**
   * @param instant may be null
   */
  static Long of(Instant instant) {
    return instant == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /**
   * @param micros may be null
   */
  static Instant instant(Long micros) {
    return micros == null ? null : Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
