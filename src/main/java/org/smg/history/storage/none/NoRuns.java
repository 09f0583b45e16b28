package org.smg.history.storage.none;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Page;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.RunStore;

/** There is no conversation that could be answered, and no response that could be followed. */
final class NoRuns implements RunStore {

  @Override
  public Prompt begin(Scope scope, Run run, long mostBytes, Optional<IdempotencyRecord> once) {
    return read(scope, run.prompt().conversationId(), run.input(), mostBytes);
  }

  @Override
  public Prompt read(Scope scope, String conversationId, List<ItemInput> input, long mostBytes) {
    if (conversationId != null) {
      throw HistoryFailure.NotFound.conversation(conversationId);
    }
    Prompt prompt = new Prompt(List.of(), NoConversations.accept(input));
    prompt.checkLength(mostBytes);
    return prompt;
  }

  @Override
  public StoredResponse finish(Scope scope, String token, Turn turn, Instant at) {
    return turn.response();
  }

  @Override
  public Page<PastTurn> chain(Scope scope, String responseId, int limit) {
    throw HistoryFailure.NotFound.response(responseId);
  }

  /** A run ends with its request. */
  @Override
  public void lease(String server, Duration duration) {}

  @Override
  public void release(String server) {}

  @Override
  public List<Abandoned> abandoned(int limit) {
    return List.of();
  }
}
