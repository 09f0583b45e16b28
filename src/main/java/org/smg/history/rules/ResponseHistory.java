package org.smg.history.rules;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.smg.history.json.TurnDraft;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Page;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.Storage;

/** What callers do with the records of model calls. */
@Dependent
public final class ResponseHistory {

  private final ResponseStore store;
  private final Completion completion;

  @Inject
  public ResponseHistory(Storage storage, Completion completion) {
    this.store = storage.responses();
    this.completion = completion;
  }

  /**
   * Records a finished turn; recording the same one again changes nothing. A turn whose client
   * asked that it should not be stored is completed and answered, but not stored.
   *
   * @param id the response's id
   */
  public StoredResponse record(Caller caller, String id, TurnDraft draft) {
    Turn turn = completion.turn(caller, id, draft);
    if (Boolean.FALSE.equals(draft.store())) {
      return turn.response();
    }
    return InputFaults.named(() -> store.record(caller.scope(), turn));
  }

  public StoredResponse get(Caller caller, String id) {
    return store.find(caller.scope(), id).orElseThrow(() -> HistoryFailure.NotFound.response(id));
  }

  public void delete(Caller caller, String id) {
    if (!store.delete(caller.scope(), id)) {
      throw HistoryFailure.NotFound.response(id);
    }
  }

  /** Deletes responses that meet the filter, as many as one request may delete. */
  public DeletedPart delete(Caller caller, ResponseFilter filter) {
    return DeletedPart.of(store.delete(caller.scope(), filter, Limits.DELETED_BY_REQUEST));
  }

  public Page<Item> inputItems(Caller caller, String id, Window window) {
    return window.read(page -> store.inputItems(caller.scope(), id, page));
  }

  public Page<StoredResponse> chain(Caller caller, String id, int limit) {
    return store.chain(caller.scope(), id, limit);
  }

  public Page<StoredResponse> list(Caller caller, ResponseFilter filter, Window window) {
    return window.read(page -> store.list(caller.scope(), filter, page));
  }
}
