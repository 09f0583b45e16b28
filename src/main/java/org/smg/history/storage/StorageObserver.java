package org.smg.history.storage;

import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;

/** Is told of each operation of the stores when it has ended. Must be quick and never fail. */
public interface StorageObserver {

  /**
   * How an operation ended. A caller's own fault, such as a duplicate id, is a success of the
   * store.
   */
  enum Result {
    SUCCESS,
    NOT_FOUND,
    TIMEOUT,
    ERROR
  }

  /**
   * @param id the conversation, response or feedback that was asked for; null where the operation
   *     names none
   * @param nanos how long it took
   */
  void ended(StoreOperation operation, Result result, Scope scope, String id, long nanos);

  /**
   * Is told what a write that succeeded has brought, after {@link #ended}.
   *
   * @param operation the write of this kind of object; a conversation or a turn that brings items
   *     is told of as {@link StoreOperation#ITEM_PUT}, too
   * @param number of objects; a turn that is recorded again counts again
   */
  default void stored(StoreOperation operation, int number) {}

  /** Is told that a run has been begun, after {@link #ended}. */
  default void runBegun() {}

  /**
   * Is told how a run has ended, after {@link #ended}. It may be that of another server.
   *
   * @param response as it is now stored
   */
  default void runEnded(StoredResponse response) {}
}
