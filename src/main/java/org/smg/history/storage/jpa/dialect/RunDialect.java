package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * What runs need of one kind of database. Its writes are atomic, and are given connections that
 * commit each statement. Whoever locks a conversation and a response locks the conversation first.
 */
public interface RunDialect {

  /**
   * A run that is to begin.
   *
   * @param prompt what is stored of it: appends nothing, and all items of the input are others
   * @param mostBytes how long the JSON of the conversation may be
   * @param once the record of the request's idempotency key
   */
  record Beginning(
      RecordedTurn prompt,
      String server,
      String token,
      long mostBytes,
      Optional<IdempotencyRecord> once) {}

  /**
   * A turn that is to take the place of its run.
   *
   * @param appends whether the conversation changes
   * @param input the items of the input that the conversation gets
   * @param output the items of the output that the conversation gets behind them
   * @param others the other items of the output, which only the response has, or which the
   *     conversation has already
   */
  record FinishedTurn(
      StoredResponse response,
      boolean appends,
      List<StoredItem> input,
      List<StoredItem> output,
      List<StoredItem> others) {

    /** What the conversation gets, in order. */
    public List<StoredItem> appended() {
      return Stream.concat(input.stream(), output.stream()).toList();
    }
  }

  /**
   * What a finish has changed.
   *
   * @param replaced the length of the JSON that was stored before, by the measure of {@link
   *     Dialect#size}
   * @param inConversation whether the conversation was there, and held by the run
   */
  record Finished(long replaced, boolean inConversation) {}

  /**
   * Claims the prompt's conversation and stores the prompt.
   *
   * @return the items of the conversation, in order; nothing has changed if it is empty: the
   *     conversation is not in scope and retained, has a run, has an item of the input, or is too
   *     long
   */
  Optional<List<Item>> begin(
      Connection connection, Scope scope, Beginning beginning, Retained retained)
      throws SQLException;

  /**
   * Replaces the prompt, gives the conversation free, and appends to it.
   *
   * @param at the time of the conversation's update
   * @return empty if the response is not in progress under this token
   */
  Optional<Finished> finish(Connection connection, String token, FinishedTurn turn, Instant at)
      throws SQLException;

  /**
   * Reads the items of a conversation, in order.
   *
   * @param mostBytes how long their JSON may be
   * @return empty if the conversation is not in scope and retained
   * @throws HistoryFailure.ContextTooLong if it is longer
   */
  Optional<List<Item>> context(
      Connection connection, Scope scope, String conversationId, long mostBytes, Retained retained)
      throws SQLException;
}
