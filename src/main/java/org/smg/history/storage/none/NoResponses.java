package org.smg.history.storage.none;

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

final class NoResponses implements ResponseStore {

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    return turn.response();
  }

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    return Optional.empty();
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    return Page.empty();
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    return Page.empty();
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    return Page.empty();
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return true;
  }

  @Override
  public Removed delete(Scope scope, ResponseFilter filter, int limit) {
    return Removed.NOTHING;
  }
}
