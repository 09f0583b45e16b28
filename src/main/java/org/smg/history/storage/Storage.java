package org.smg.history.storage;

import java.util.Map;
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

  /**
   * Asks the backend for an answer, in bounded time.
   *
   * @throws HistoryFailure.Unavailable when there is none
   */
  void verify();

  /** What an administrator may want to know about this backend, by name; shown by the readiness. */
  default Map<String, Long> metrics() {
    return Map.of();
  }

  /** Gives up all connections; nothing is asked of this backend afterwards. */
  default void close() {}
}
