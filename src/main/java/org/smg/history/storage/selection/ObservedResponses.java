package org.smg.history.storage.selection;

import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.StoreOperation;

/**
 * A response's input items and its chain are lists, too.
 *
 * @param store the backend's own
 */
record ObservedResponses(ResponseStore store, Observation observation) implements ResponseStore {

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    StoredResponse recorded =
        observation.of(
            StoreOperation.RESPONSE_PUT,
            scope,
            turn.response().key().id(),
            () -> store.record(scope, turn));
    observation.stored(StoreOperation.RESPONSE_PUT, 1);
    if (turn.appends()) {
      observation.stored(StoreOperation.ITEM_PUT, turn.input().size() + turn.output().size());
    }
    return recorded;
  }

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    return observation.of(StoreOperation.RESPONSE_GET, scope, id, () -> store.find(scope, id));
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    return observation.of(
        StoreOperation.RESPONSE_LIST, scope, id, () -> store.inputItems(scope, id, page));
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    return observation.of(
        StoreOperation.RESPONSE_LIST, scope, id, () -> store.chain(scope, id, limit));
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    return observation.of(
        StoreOperation.RESPONSE_LIST, scope, null, () -> store.list(scope, filter, page));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return observation.of(StoreOperation.RESPONSE_DELETE, scope, id, () -> store.delete(scope, id));
  }

  @Override
  public Removed delete(Scope scope, ResponseFilter filter, int limit) {
    return observation.of(
        StoreOperation.RESPONSE_DELETE, scope, null, () -> store.delete(scope, filter, limit));
  }
}
