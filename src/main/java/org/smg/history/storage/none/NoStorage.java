package org.smg.history.storage.none;

import jakarta.enterprise.context.Dependent;
import org.smg.history.storage.Backend;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StoredIn;

/** The backend {@code none}. */
@Dependent
@StoredIn(Backend.NONE)
public final class NoStorage implements Storage {

  @Override
  public ConversationStore conversations() {
    return new NoConversations();
  }

  @Override
  public ResponseStore responses() {
    return new NoResponses();
  }

  @Override
  public FeedbackStore feedback() {
    return new NoFeedback();
  }

  @Override
  public IdempotencyStore idempotency() {
    return new NoIdempotency();
  }

  @Override
  public RunStore runs() {
    return new NoRuns();
  }

  /** Nothing is stored, so nothing is counted. */
  @Override
  public ByteSums byteSums() {
    return new NoByteSums();
  }
}
