package org.smg.history.storage.selection;

import java.util.Map;
import java.util.Optional;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.ConnectionUse;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.Storage;

/** A backend whose stores tell of their operations. Everything else is the backend's own. */
final class ObservedStorage implements Storage {

  private final Storage storage;
  private final Observation observation;

  /**
   * @param storage the backend itself
   */
  ObservedStorage(Storage storage, Observation observation) {
    this.storage = storage;
    this.observation = observation;
  }

  @Override
  public ConversationStore conversations() {
    return new ObservedConversations(storage.conversations(), observation);
  }

  @Override
  public ResponseStore responses() {
    return new ObservedResponses(storage.responses(), observation);
  }

  @Override
  public FeedbackStore feedback() {
    return new ObservedFeedback(storage.feedback(), observation);
  }

  @Override
  public IdempotencyStore idempotency() {
    return storage.idempotency();
  }

  @Override
  public RunStore runs() {
    return new ObservedRuns(storage.runs(), observation);
  }

  @Override
  public ByteSums byteSums() {
    return storage.byteSums();
  }

  @Override
  public RetentionStore retention() {
    return storage.retention();
  }

  @Override
  public void verify() {
    storage.verify();
  }

  @Override
  public void checkReady() {
    storage.checkReady();
  }

  @Override
  public Map<String, Long> metrics() {
    return storage.metrics();
  }

  @Override
  public Optional<ConnectionUse> connections() {
    return storage.connections();
  }

  @Override
  public void close() {
    storage.close();
  }
}
