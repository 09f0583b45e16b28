package org.smg.history.rules;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.smg.history.json.FailedResponse;
import org.smg.history.json.TurnDraft;
import org.smg.history.json.responses.ResponseRequest;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.JsonText;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.RunStore.Prompt;
import org.smg.history.storage.Storage;

/**
 * Begins and ends responses that are made here. The model is asked in between, when the prompt is
 * stored.
 */
@Dependent
public final class RunHistory {

  private final RunStore store;
  private final ResponseStore responses;
  private final ResponseContext context;
  private final Completion completion;
  private final Idempotency idempotency;
  private final HistoryClock clock;
  private final Ids ids;

  @Inject
  public RunHistory(
      Storage storage,
      ResponseContext context,
      Completion completion,
      Idempotency idempotency,
      HistoryClock clock,
      Ids ids) {
    this.store = storage.runs();
    this.responses = storage.responses();
    this.context = context;
    this.completion = completion;
    this.idempotency = idempotency;
    this.clock = clock;
    this.ids = ids;
  }

  /**
   * Claims the conversation, reads what was said before, and stores the prompt; or, if nothing of
   * the response is to be kept, only reads.
   *
   * @param doubtful is told of a run of which the store did not say whether it has begun
   * @throws HistoryFailure.RunInProgress if a response is being made for the same key
   */
  public RunBeginning begin(RunRequest asked, Consumer<Run> doubtful) {
    if (!asked.request().isStored()) {
      return read(asked);
    }
    Supplier<RunBeginning> begin = () -> beginNow(asked, doubtful);
    return idempotency.once(
        asked.caller(), asked.key(), begin, before -> again(asked.caller(), before, begin));
  }

  private Run read(RunRequest asked) {
    Caller caller = asked.caller();
    StoredResponse prompt = completion.prompt(caller, asked.request(), null);
    List<ItemInput> input = completion.input(asked.request());
    List<Item> before = before(asked, input);
    Run run = new Run(caller, prompt, null, before, List.of(), Optional.empty());
    return asking(run, () -> read(caller, prompt.conversationId(), input, asked.left(before)));
  }

  private Run beginNow(RunRequest asked, Consumer<Run> doubtful) {
    Caller caller = asked.caller();
    String token = ids.secret();
    StoredResponse prompt = completion.prompt(caller, asked.request(), Digests.sha256(token));
    List<ItemInput> input = completion.input(asked.request());
    List<Item> before = before(asked, input);
    Optional<IdempotencyRecord> once =
        asked.key().record(caller, prompt.recordedAt(), List.of(prompt.key().id()));
    Run run = new Run(caller, prompt, token, before, List.of(), once);
    RunStore.Run begun = new RunStore.Run(prompt, input, asked.server(), token);
    long left = asked.left(before);
    try {
      return asking(run, () -> store.begin(caller.scope(), begun, left, once));
    } catch (HistoryFailure.Unavailable unknown) {
      doubtful.accept(run);
      throw unknown;
    }
  }

  /** What was said before where the request names a response that it follows. */
  private List<Item> before(RunRequest asked, List<ItemInput> input) {
    ResponseRequest request = asked.request();
    long left = asked.left(List.of());
    List<Item> before =
        request.previousResponseId() == null
            ? List.of()
            : context.upTo(asked.caller(), request.previousResponseId(), left);
    request.checkInput();
    Set<String> known = new HashSet<>(ItemIds.of(before));
    for (ItemInput item : input) {
      if (known.contains(item.id())) {
        throw InputFaults.duplicate(item.id());
      }
    }
    return before;
  }

  private static Run asking(Run run, Supplier<Prompt> reading) {
    Prompt read = InputFaults.named(reading);
    return run.asking(run.context().isEmpty() ? read.context() : run.context(), read.input());
  }

  /** What needs nothing of the store does not wait for it. */
  private Prompt read(Caller caller, String conversationId, List<ItemInput> input, long mostBytes) {
    if (conversationId != null || input.stream().anyMatch(ItemReference.class::isInstance)) {
      return store.read(caller.scope(), conversationId, input, mostBytes);
    }
    ItemIds.checkDistinct(input);
    Prompt prompt = new Prompt(List.of(), input.stream().map(Item.class::cast).toList());
    prompt.checkLength(mostBytes);
    return prompt;
  }

  private RunBeginning again(
      Caller caller, IdempotencyRecord before, Supplier<RunBeginning> begin) {
    String id = before.ids().get(0);
    StoredResponse known =
        responses.find(caller.scope(), id).orElseThrow(() -> HistoryFailure.NotFound.response(id));
    if (!known.isFinished()) {
      throw new HistoryFailure.RunInProgress();
    }
    if (known.status().appends()) {
      return new AnsweredBefore(known);
    }
    idempotency.forget(caller, before);
    try {
      return begin.get();
    } catch (HistoryFailure.IdempotencyKeyUsed meanwhile) {
      throw new HistoryFailure.RunInProgress();
    }
  }

  /**
   * Puts an answer in the place of its run, well or failed, and gives the conversation free. The
   * key of a request that has failed can be used again.
   *
   * @param answer the Response object, under the id of the run
   * @throws HistoryFailure.RunEnded if somebody else has ended the run
   * @throws HistoryFailure.ItemAlreadyInConversation if the conversation has got an item of an
   *     answered id meanwhile
   */
  public void finish(Run run, TurnDraft answer) {
    Turn turn = completion.finished(run, answer);
    store.finish(run.caller().scope(), run.token(), turn, clock.now());
    if (!turn.response().status().appends()) {
      run.once().ifPresent(record -> idempotency.forget(run.caller(), record));
    }
  }

  /**
   * Ends a run of which there is no answer.
   *
   * @param code a word for programs
   * @param message for people
   * @throws HistoryFailure.RunEnded if it has not begun, or somebody else has ended it
   */
  public void fail(Run run, String code, String message) {
    JsonText failed = FailedResponse.of(run.prompt().json(), code, message);
    finish(run, TurnDraft.of(failed.toUtf8(), Limits.ITEMS_PER_TURN));
  }
}
