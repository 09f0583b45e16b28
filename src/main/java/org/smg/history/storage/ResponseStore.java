package org.smg.history.storage;

import java.util.Optional;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;

/** Keeps responses with their own copy of what was sent to the model. */
public interface ResponseStore {

  /**
   * Records a turn: stores the response and, if {@link Turn#appends()}, appends its items to the
   * conversation, in one step. Its items are stored as they are, whatever is stored elsewhere under
   * their ids. What the conversation has already is not appended again: a referenced item of its
   * own, and an item with the same id and the same bytes.
   *
   * <p>Recording the same turn again changes nothing.
   *
   * @return the response as it is now stored
   * @throws HistoryFailure.ResponseAlreadyRecorded if a response of this id and another fingerprint
   *     is stored
   * @throws HistoryFailure.NotFound if the response's conversation is not stored
   * @throws HistoryFailure.ItemAlreadyInConversation if an id among the items to append is in the
   *     conversation already with other bytes, or comes twice in the turn
   * @throws HistoryFailure.UnknownReference if an input reference points at nothing stored
   */
  StoredResponse record(Scope scope, Turn turn);

  Optional<StoredResponse> find(Scope scope, String id);

  /**
   * Lists what was sent to the model.
   *
   * @throws HistoryFailure.NotFound if there is no such response, or if the cursor is not among its
   *     input items
   */
  Page<Item> inputItems(Scope scope, String id, PageRequest page);

  /**
   * Reads a response and those before it, in one round trip.
   *
   * @param limit how many at most, counted from the response backwards
   * @return oldest first; has more if an older one is stored
   * @throws HistoryFailure.NotFound if there is no such response
   * @throws HistoryFailure.ChainCycle if the part that was read leads back into itself
   */
  Page<StoredResponse> chain(Scope scope, String id, int limit);

  /**
   * Lists responses by creation.
   *
   * @throws HistoryFailure.NotFound if the cursor is no response of the tenant
   */
  Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page);

  /**
   * Removes the response and its feedback. Items of its conversation stay.
   *
   * @return whether there was one
   * @throws HistoryFailure.ResponseInProgress if it is still being made
   */
  boolean delete(Scope scope, String id);

  /**
   * Removes responses that meet the filter, oldest first, each as {@link #delete(Scope, String)}
   * does. One that is still being made is removed, too, and its run has ended with that.
   *
   * @param limit how many at most, from 1 to 100
   * @throws HistoryFailure.FilterTooBroad if the backend would have to look at too many
   */
  Removed delete(Scope scope, ResponseFilter filter, int limit);
}
