package org.smg.history.storage.none;

import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ResponseStore;

final class NoResponses implements ResponseStore {

  @Override
  public StoredResponse record(Turn turn) {
    return turn.response();
  }

  @Override
  public Optional<StoredResponse> find(Key response) {
    return Optional.empty();
  }

  @Override
  public Page<Item> inputItems(Key response, PageRequest page) {
    return Page.empty();
  }

  @Override
  public Page<StoredResponse> chain(Key response, int limit) {
    return Page.empty();
  }

  @Override
  public Page<StoredResponse> list(ResponseFilter filter, PageRequest page) {
    return Page.empty();
  }

  @Override
  public boolean delete(Key response) {
    return true;
  }
}
