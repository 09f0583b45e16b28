package org.smg.history.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.RetentionStore.Purged;
import org.smg.history.storage.RetentionStore.State;

/**
 * How long a tenant's history is kept, and what of it is stored.
 *
 * @param lastPurge empty if there was none since the tenant's first write
 * @param moreDue whether something is due that is not removed yet
 */
public record RetentionReport(
    Kind conversations, Kind responses, Optional<LastPurge> lastPurge, boolean moreDue) {

  /**
   * @param days empty for ever
   * @param oldest the oldest time by which this kind is kept, or empty if none is stored
   */
  public record Kind(Optional<Integer> days, Optional<Instant> oldest) {}

  /**
   * @param at when it ended
   * @param items of the conversations that were removed
   */
  public record LastPurge(
      Instant at, long conversations, long items, long responses, long feedback) {

    private static LastPurge of(Purged purge) {
      return new LastPurge(
          purge.at(),
          purge.removed().conversations(),
          purge.removed().items(),
          purge.removed().responses(),
          purge.removed().feedback());
    }
  }

  static RetentionReport of(Retention retention, State state) {
    return new RetentionReport(
        new Kind(retention.conversationDays(), Optional.ofNullable(state.oldestConversation())),
        new Kind(retention.responseDays(), Optional.ofNullable(state.oldestResponse())),
        Optional.ofNullable(state.lastPurge()).map(LastPurge::of),
        !due(retention, state).isEmpty());
  }

  /** For how long the oldest of each kind is due, if it is. */
  static List<Duration> due(Horizon horizon, State state) {
    return Stream.of(
            since(horizon.conversations(), state.oldestConversation()),
            since(horizon.responses(), state.oldestResponse()))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Duration> since(long horizon, Instant oldest) {
    if (oldest == null || horizon == Long.MIN_VALUE) {
      return Optional.empty();
    }
    Duration due = Duration.between(oldest, Instant.EPOCH.plus(horizon, ChronoUnit.MICROS));
    return due.isNegative() || due.isZero() ? Optional.empty() : Optional.of(due);
  }
}
