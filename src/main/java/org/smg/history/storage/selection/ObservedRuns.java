package org.smg.history.storage.selection;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Page;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.StoreOperation;

/**
 * A run is one write of a response when it begins and another one when it ends, and counts as one
 * stored response. Leases are not the callers' operations.
 *
 * @param store the backend's own
 */
record ObservedRuns(RunStore store, Observation observation) implements RunStore {

  @Override
  public Prompt begin(Scope scope, Run run, long mostBytes, Optional<IdempotencyRecord> once) {
    Prompt prompt =
        observation.of(
            StoreOperation.RESPONSE_PUT,
            scope,
            run.prompt().key().id(),
            () -> store.begin(scope, run, mostBytes, once));
    observation.runBegun();
    return prompt;
  }

  @Override
  public Prompt read(Scope scope, String conversationId, List<ItemInput> input, long mostBytes) {
    return observation.of(
        StoreOperation.ITEM_LIST,
        scope,
        conversationId,
        () -> store.read(scope, conversationId, input, mostBytes));
  }

  @Override
  public StoredResponse finish(Scope scope, String token, Turn turn, Instant at) {
    StoredResponse finished =
        observation.of(
            StoreOperation.RESPONSE_PUT,
            scope,
            turn.response().key().id(),
            () -> store.finish(scope, token, turn, at));
    observation.stored(StoreOperation.RESPONSE_PUT, 1);
    if (turn.appends()) {
      observation.stored(StoreOperation.ITEM_PUT, turn.input().size() + turn.output().size());
    }
    observation.runEnded(finished);
    return finished;
  }

  @Override
  public Page<PastTurn> chain(Scope scope, String responseId, int limit) {
    return observation.of(
        StoreOperation.RESPONSE_LIST,
        scope,
        responseId,
        () -> store.chain(scope, responseId, limit));
  }

  @Override
  public void lease(String server, Duration duration) {
    store.lease(server, duration);
  }

  @Override
  public void release(String server) {
    store.release(server);
  }

  @Override
  public List<Abandoned> abandoned(int limit) {
    return store.abandoned(limit);
  }
}
