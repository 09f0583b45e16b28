package org.smg.history.storage.selection;

import java.util.Optional;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.StoreOperation;

/**
 * @param store the backend's own
 */
record ObservedFeedback(FeedbackStore store, Observation observation) implements FeedbackStore {

  @Override
  public Feedback add(Scope scope, Feedback feedback, Optional<IdempotencyRecord> once) {
    Feedback added =
        observation.of(
            StoreOperation.FEEDBACK_PUT,
            scope,
            feedback.key().id(),
            () -> store.add(scope, feedback, once));
    observation.stored(StoreOperation.FEEDBACK_PUT, 1);
    return added;
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    return observation.of(StoreOperation.FEEDBACK_GET, scope, id, () -> store.find(scope, id));
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    return observation.of(
        StoreOperation.FEEDBACK_LIST, scope, null, () -> store.list(scope, filter, page));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return observation.of(StoreOperation.FEEDBACK_DELETE, scope, id, () -> store.delete(scope, id));
  }
}
