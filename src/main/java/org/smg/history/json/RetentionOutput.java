package org.smg.history.json;

import java.time.Instant;
import java.util.Optional;

/**
 * What {@link JsonOutput#retention} writes.
 *
 * @param moreDue whether something is due and not yet removed
 */
public record RetentionOutput(
    Kind conversations, Kind responses, boolean moreDue, Optional<Purge> lastPurge) {

  /**
   * @param days empty for ever
   */
  public record Kind(Optional<Integer> days, Optional<Instant> oldest) {}

  /** How much was removed, and when that ended. */
  public record Purge(Instant at, long conversations, long items, long responses, long feedback) {}
}
