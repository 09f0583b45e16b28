package org.smg.history.storage;

import java.util.Optional;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;

/** Keeps users' verdicts on responses. */
public interface FeedbackStore {

  /**
   * Stores feedback, with the conversation and the model of its response.
   *
   * @param once stored in the same step, if present
   * @return the feedback as it is now stored
   * @throws HistoryFailure.NotFound if its response is not stored
   * @throws HistoryFailure.IdempotencyKeyUsed if there is a record of that key
   */
  Feedback add(Scope scope, Feedback feedback, Optional<IdempotencyRecord> once);

  /** The same without an idempotency key. */
  default Feedback add(Scope scope, Feedback feedback) {
    return add(scope, feedback, Optional.empty());
  }

  Optional<Feedback> find(Scope scope, String id);

  /**
   * Lists feedback by creation.
   *
   * @throws HistoryFailure.NotFound if the cursor is no feedback of the tenant
   */
  Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page);

  /**
   * @return whether there was one
   */
  boolean delete(Scope scope, String id);
}
