package org.smg.history.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the background needs of a backend to remove what is due by its {@link Horizon}. Every
 * operation is short, and waits for no lock that a request holds.
 */
public interface RetentionStore {

  /** Of a backend that keeps nothing: there is nothing to remove. */
  RetentionStore NOTHING =
      new RetentionStore() {
        @Override
        public boolean lease(String holder, Duration duration) {
          return false;
        }

        @Override
        public void release(String holder) {
          // Nobody had it.
        }

        @Override
        public Optional<String> tenantAfter(String tenant) {
          return Optional.empty();
        }

        @Override
        public Step purge(String tenant, Instant now) {
          return Step.NOTHING_DUE;
        }

        @Override
        public void purged(String tenant, Purged purge) {
          // There is no place for it.
        }

        @Override
        public State state(String tenant) {
          return State.EMPTY;
        }
      };

  /**
   * How much was removed.
   *
   * @param items of these conversations
   * @param feedback about these responses
   */
  record Counts(long conversations, long items, long responses, long feedback) {

    public static final Counts NONE = new Counts(0, 0, 0, 0);

    public Counts plus(Counts other) {
      return new Counts(
          conversations + other.conversations,
          items + other.items,
          responses + other.responses,
          feedback + other.feedback);
    }

    public boolean isNone() {
      return conversations == 0 && items == 0 && responses == 0 && feedback == 0;
    }
  }

  /**
   * What one call of {@link #purge} did.
   *
   * @param more whether another call may find more to do
   */
  record Step(Counts removed, boolean more) {

    public static final Step NOTHING_DUE = new Step(Counts.NONE, false);
  }

  /**
   * The last purge of a tenant.
   *
   * @param at when it ended
   * @param removed by it, in all of its steps
   */
  record Purged(Instant at, Counts removed) {}

  /**
   * What a tenant has stored, whether or not it is due.
   *
   * @param oldestConversation the last update of the conversation that was updated first, or null
   * @param oldestResponse when the oldest response was recorded, or null
   * @param lastPurge null if there was none
   */
  record State(Instant oldestConversation, Instant oldestResponse, Purged lastPurge) {

    public static final State EMPTY = new State(null, null, null);
  }

  /**
   * Takes or renews the right to remove, which one server of a fleet has at a time.
   *
   * @param holder names a server that is running
   * @param duration from now on, by the backend's clock
   * @return whether the holder has it now; if not, nothing has changed
   */
  boolean lease(String holder, Duration duration);

  /** Gives the right back, if the holder has it. */
  void release(String holder);

  /**
   * The tenants that may have something stored, one after the other, in an order of the backend's.
   *
   * @param tenant the one before, or null for the first
   */
  Optional<String> tenantAfter(String tenant);

  /**
   * Removes a small batch of what is due in a tenant, the oldest first. A conversation is marked in
   * one step before its items are removed in several; from then on it never comes back, whatever
   * the horizon says later. What a request has locked is left for the next call.
   *
   * @param now by the service's clock; what has a time of its own, such as idempotency records, is
   *     compared with it
   */
  Step purge(String tenant, Instant now);

  /** Keeps the outcome of a tenant's purge in the place of the one before. */
  void purged(String tenant, Purged purge);

  State state(String tenant);
}
