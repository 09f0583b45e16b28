package org.smg.history.storage.none;

import java.util.Optional;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyRecord;

final class NoFeedback implements FeedbackStore {

  @Override
  public Feedback add(Scope scope, Feedback feedback, Optional<IdempotencyRecord> once) {
    return feedback;
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    return Optional.empty();
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    return Page.empty();
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return true;
  }
}
