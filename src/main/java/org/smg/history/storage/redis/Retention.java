package org.smg.history.storage.redis;

import java.time.Duration;

/**
 * How long history is kept. A write computes one deadline, in milliseconds since 1970, for all keys
 * that it touches, so that they expire together.
 *
 * @param duration from the last write on, or null for ever
 */
record Retention(Duration duration) {

  /** One part in this many of the retention may pass before lookups of items are renewed. */
  private static final int SLACK = 128;

  static Retention ofDays(int days) {
    return new Retention(days < 0 ? null : Duration.ofDays(days));
  }

  String deadline() {
    return duration == null
        ? "-1"
        : Long.toString(System.currentTimeMillis() + duration.toMillis());
  }

  String slack() {
    return duration == null ? "0" : Long.toString(duration.toMillis() / SLACK);
  }
}
