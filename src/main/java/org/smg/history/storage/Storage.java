package org.smg.history.storage;

import java.util.Map;
import java.util.Optional;
import org.smg.history.model.HistoryFailure;

/**
 * One backend. Every operation of its stores is atomic and, when it returns, as durable as the
 * backend is configured to be; what a backend cannot do now raises {@link
 * HistoryFailure.Unavailable}.
 */
public interface Storage {

  ConversationStore conversations();

  ResponseStore responses();

  FeedbackStore feedback();

  IdempotencyStore idempotency();

  RunStore runs();

  /** Where counts of stored bytes are kept. */
  ByteSums byteSums();

  /** What removes history that is due. */
  default RetentionStore retention() {
    return RetentionStore.NOTHING;
  }

  /**
   * Asks the backend for an answer at the start, within the backend's own time-outs. What is kept
   * in this process is always there.
   *
   * @throws HistoryFailure.Unavailable when there is none
   */
  default void verify() {}

  /**
   * Tells within a second whether the backend can be reached. One whose connections are all in use
   * can.
   *
   * @throws HistoryFailure.Unavailable if it cannot
   */
  default void checkReady() {}

  /** What an administrator may want to know about this backend, by name; shown by the readiness. */
  default Map<String, Long> metrics() {
    return Map.of();
  }

  /**
   * How this backend's connections are used; never asks the backend. Empty where there are none to
   * count.
   */
  default Optional<ConnectionUse> connections() {
    return Optional.empty();
  }

  /** Gives up all connections; nothing is asked of this backend afterwards. */
  default void close() {}
}
