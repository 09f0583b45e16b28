package org.smg.history.model;

import java.time.Instant;

/**
 * A half-open stretch of time.
 *
 * @param from the first instant inside, or null for no limit
 * @param until the first instant outside, or null for no limit
 */
public record TimeRange(Instant from, Instant until) {

  public static final TimeRange ALWAYS = new TimeRange(null, null);

  public boolean includes(Instant instant) {
    return (from == null || !instant.isBefore(from)) && (until == null || instant.isBefore(until));
  }
}
