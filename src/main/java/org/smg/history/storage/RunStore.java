package org.smg.history.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Page;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;

/**
 * Keeps runs: responses that are still being made. A run's prompt is stored before the model is
 * asked, as a response that is in progress. A conversation has one run at most, and while it has
 * one, the ids of the run's input are taken in it.
 */
public interface RunStore {

  /**
   * A response that is about to be made.
   *
   * @param prompt the response as it is shown meanwhile: in progress, and without output
   * @param input the items that are sent to the model behind its context, in order
   * @param server which makes it
   * @param token drawn for this run, and shown to finish it
   */
  record Run(StoredResponse prompt, List<ItemInput> input, String server, String token) {

    public Run {
      input = List.copyOf(input);
    }
  }

  /**
   * What a model is asked.
   *
   * @param context the items of the conversation, in order; empty where there is none
   * @param input the run's input, with stored content in the place of what stood for it
   */
  record Prompt(List<Item> context, List<Item> input) {

    public Prompt {
      context = List.copyOf(context);
      input = List.copyOf(input);
    }

    /**
     * @throws HistoryFailure.ContextTooLong if its JSON is longer
     */
    public void checkLength(long mostBytes) {
      long bytes =
          Stream.concat(context.stream(), input.stream())
              .mapToLong(item -> item.json().length())
              .sum();
      if (bytes > mostBytes) {
        throw new HistoryFailure.ContextTooLong(mostBytes);
      }
    }
  }

  /** A response, and what was sent to the model for it behind its context. */
  record PastTurn(StoredResponse response, List<Item> input) {

    public PastTurn {
      input = List.copyOf(input);
    }
  }

  /**
   * A run whose server has no lease.
   *
   * @param prompt as it was begun
   * @param token to finish it with
   */
  record Abandoned(StoredResponse prompt, String token) {}

  /**
   * Claims the prompt's conversation, if it names one, reads all of its items, and stores the
   * prompt, in one step. Beginning the same run again changes nothing, and answers its context as
   * it is now.
   *
   * @param mostBytes how long the JSON of context and input may be together
   * @param once stored in the same step, if present
   * @throws HistoryFailure.NotFound if the conversation is not stored
   * @throws HistoryFailure.ConversationLocked if the conversation has another run
   * @throws HistoryFailure.ItemAlreadyInConversation if an id of the input is in the conversation,
   *     or comes twice
   * @throws HistoryFailure.UnknownReference if a reference points at nothing stored
   * @throws HistoryFailure.ContextTooLong if there is more than may be sent
   * @throws HistoryFailure.ResponseAlreadyRecorded if another response has the prompt's id
   * @throws HistoryFailure.IdempotencyKeyUsed if there is a record of that key
   */
  Prompt begin(Scope scope, Run run, long mostBytes, Optional<IdempotencyRecord> once);

  /**
   * Reads what {@link #begin} would answer, and changes nothing. A conversation that has a run can
   * be read.
   *
   * @param conversationId null where there is none
   * @throws HistoryFailure.NotFound as {@link #begin} does, and so for the others
   */
  Prompt read(Scope scope, String conversationId, List<ItemInput> input, long mostBytes);

  /**
   * Puts a finished turn in the place of its run, gives the conversation free and, if {@link
   * Turn#appends()}, appends the turn's items to it, as {@link ResponseStore#record} does, in one
   * step. If the conversation has been deleted, nothing is appended. Finishing the same turn again
   * changes nothing.
   *
   * @param token of the run
   * @param turn its response has the key, owner, times of recording and creation, conversation,
   *     predecessor, user, safety identifier and metadata of the prompt; its input is the one that
   *     {@link #begin} has answered, or empty if nothing is appended: the stored input stays
   * @param at the time of the conversation's update
   * @return the response as it is now stored
   * @throws HistoryFailure.RunEnded if the response is not in progress under this token
   * @throws HistoryFailure.ItemAlreadyInConversation if an id of the output is in the conversation
   *     with other bytes, or comes twice in the turn; then nothing has changed
   */
  StoredResponse finish(Scope scope, String token, Turn turn, Instant at);

  /**
   * Reads a response and those before it, each with its input.
   *
   * @param limit how many at most, counted from the response backwards
   * @return oldest first; has more if an older one is stored
   * @throws HistoryFailure.NotFound if there is no such response
   * @throws HistoryFailure.ChainCycle if the part that was read leads back into itself
   */
  Page<PastTurn> chain(Scope scope, String responseId, int limit);

  /**
   * Takes or renews a server's lease: while it has one, nobody else ends its runs. Leases and runs
   * are those of all tenants.
   *
   * @param server names a server that is running, and makes runs
   * @param duration from now on, by the backend's clock
   */
  void lease(String server, Duration duration);

  /** Ends a server's lease; what it still runs is abandoned. */
  void release(String server);

  /**
   * Finds runs of servers that have no lease, by the backend's clock, in any tenant.
   *
   * @param limit how many at most
   */
  List<Abandoned> abandoned(int limit);
}
