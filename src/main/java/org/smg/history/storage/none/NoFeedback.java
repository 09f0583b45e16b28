package org.smg.history.storage.none;

import java.util.Optional;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.storage.FeedbackStore;

final class NoFeedback implements FeedbackStore {

  @Override
  public Feedback add(Feedback feedback) {
    return feedback;
  }

  @Override
  public Optional<Feedback> find(Key feedback) {
    return Optional.empty();
  }

  @Override
  public Page<Feedback> list(FeedbackFilter filter, PageRequest page) {
    return Page.empty();
  }

  @Override
  public boolean delete(Key feedback) {
    return true;
  }
}
