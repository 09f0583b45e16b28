package org.smg.history.rules;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.smg.history.json.ItemDraft;
import org.smg.history.json.ItemDrafts;
import org.smg.history.json.OutputItems;
import org.smg.history.json.TurnDraft;
import org.smg.history.json.responses.ResponseRequest;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.JsonText;
import org.smg.history.model.Metadata;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.ReusedItem;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;
import org.smg.history.model.Turn;

/**
 * Makes what is stored of what was sent: gives ids, times and states to what came without, and
 * refuses what is beyond the limits. Errors name the member of the body that is at fault.
 */
@Dependent
public final class Completion {

  /** The state of an item that nobody says anything else about: it is finished. */
  private static final String COMPLETED = "completed";

  private final HistoryClock clock;
  private final Ids ids;

  @Inject
  public Completion(HistoryClock clock, Ids ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** Items as clients post them with a new conversation; there may be none. */
  List<ItemInput> posted(ItemDrafts drafts) {
    return inputs(drafts, Limits.ITEMS_PER_REQUEST, Completion::reused);
  }

  /** Items that were posted before, under the ids that they have got then. */
  List<ItemInput> postedAgain(ItemDrafts drafts, List<String> madeIds) {
    List<ItemInput> inputs = new ArrayList<>(drafts.count());
    for (ItemDraft draft : drafts.drafts()) {
      String id = madeIds.get(inputs.size());
      inputs.add(draft.isReference() ? new ItemReference(id) : reused(draft, inputItem(draft, id)));
    }
    return inputs;
  }

  /** What is posted under an id that was made here stands for what is stored under it. */
  private static ItemInput reused(ItemDraft draft, Item item) {
    return draft.id() != null && Ids.isMadeHere(draft.id()) ? new ReusedItem(item) : item;
  }

  /** Items as clients post them to a conversation; there must be one. */
  List<ItemInput> appended(ItemDrafts drafts) {
    if (drafts.count() == 0) {
      throw new HistoryFailure.Invalid(
          drafts.path(),
          "empty_array",
          ("Invalid '%s': empty array. Expected an array with minimum length 1,"
                  + " but got an empty array instead.")
              .formatted(drafts.path()));
    }
    return posted(drafts);
  }

  /**
   * A turn that is recorded now.
   *
   * @param id the response's id, from the path
   */
  Turn turn(Caller caller, String id, TurnDraft draft) {
    Limits.checkId("id", id);
    if (draft.id() != null && !draft.id().equals(id)) {
      throw new HistoryFailure.Invalid(
          "id", "invalid_value", "Invalid 'id': expected the id of the path, '%s'.".formatted(id));
    }
    checkLabels(draft.model(), draft.safetyIdentifier(), draft.user(), draft.metadata());
    checkLinks(draft.conversationPath(), draft.conversationId(), draft.previousResponseId());
    Instant now = clock.now();
    Instant createdAt =
        draft.createdAt() == null ? now : Limits.instant("created_at", draft.createdAt());
    Instant completedAt =
        draft.completedAt() == null ? null : Limits.instant("completed_at", draft.completedAt());
    ResponseStatus status = draft.status() == null ? ResponseStatus.COMPLETED : draft.status();
    checkOutput(status, draft);
    // What a turn records is kept as it was sent, whatever is stored under the same ids.
    List<ItemInput> input = inputs(draft.input(), Limits.ITEMS_PER_TURN, (item, asSent) -> asSent);
    List<Item> output = draft.output() == null ? List.of() : outputs(draft.output());
    StoredResponse response =
        new StoredResponse(
            caller.key(id),
            caller.user(),
            now,
            createdAt,
            completedAt,
            status,
            draft.model(),
            draft.conversationId(),
            draft.previousResponseId(),
            draft.safetyIdentifier(),
            draft.user(),
            draft.usage(),
            draft.metadata(),
            Digests.sha256(draft.body()),
            draft.complete(id, createdAt.getEpochSecond(), status, output));
    return new Turn(response, input, output);
  }

  private static void checkOutput(ResponseStatus status, TurnDraft draft) {
    if (status == ResponseStatus.COMPLETED && draft.output() == null) {
      throw new HistoryFailure.Invalid(
          "output", "missing_required_parameter", "Missing required parameter: 'output'.");
    }
  }

  private static void checkLabels(
      String model, String safetyIdentifier, String user, Metadata metadata) {
    Limits.checkField("model", model);
    Limits.checkField("safety_identifier", safetyIdentifier);
    Limits.checkField("user", user);
    Limits.checkMetadata(metadata);
  }

  private static void checkLinks(
      String conversationPath, String conversationId, String previousResponseId) {
    if (conversationId != null) {
      Limits.checkId(conversationPath, conversationId);
    }
    if (previousResponseId != null) {
      Limits.checkId("previous_response_id", previousResponseId);
    }
    if (conversationId != null && previousResponseId != null) {
      throw new HistoryFailure.Invalid(
          null,
          "mutually_exclusive_parameters",
          "Mutually exclusive parameters: ''. Ensure you are only providing one of:"
              + " 'previous_response_id' or 'conversation'.");
    }
  }

  /**
   * The response that is going to be made, as it is shown meanwhile.
   *
   * @param fingerprint nobody else's
   */
  StoredResponse prompt(Caller caller, ResponseRequest request, String fingerprint) {
    checkLabels(request.model(), request.safetyIdentifier(), request.user(), request.metadata());
    checkLinks(request.conversationPath(), request.conversationId(), request.previousResponseId());
    Instant now = clock.now();
    String id = ids.response(now);
    return new StoredResponse(
        caller.key(id),
        caller.user(),
        now,
        now,
        null,
        ResponseStatus.IN_PROGRESS,
        request.model(),
        request.conversationId(),
        request.previousResponseId(),
        request.safetyIdentifier(),
        request.user(),
        TokenUsage.UNKNOWN,
        request.metadata(),
        fingerprint,
        request.described(id, now.getEpochSecond()).prompt());
  }

  /** What is asked, as it was sent, whatever is stored under the same ids. */
  List<ItemInput> input(ResponseRequest request) {
    return inputs(request.input(), Limits.ITEMS_PER_TURN, (item, asSent) -> asSent);
  }

  /** A run that has ended: what it was begun with, and what the model server says of it. */
  Turn finished(Run run, TurnDraft draft) {
    Limits.checkField("model", draft.model());
    StoredResponse prompt = run.prompt();
    ResponseStatus status = draft.status() == null ? ResponseStatus.COMPLETED : draft.status();
    checkOutput(status, draft);
    List<Item> output = draft.output() == null ? List.of() : outputs(draft.output());
    JsonText json = draft.complete(run.id(), prompt.createdAt().getEpochSecond(), status, output);
    StoredResponse response =
        new StoredResponse(
            prompt.key(),
            prompt.owner(),
            prompt.recordedAt(),
            prompt.createdAt(),
            draft.completedAt() == null
                ? null
                : Limits.instant("completed_at", draft.completedAt()),
            status,
            draft.model() == null ? prompt.model() : draft.model(),
            prompt.conversationId(),
            prompt.previousResponseId(),
            prompt.safetyIdentifier(),
            prompt.user(),
            draft.usage(),
            prompt.metadata(),
            Digests.sha256(draft.body()),
            json);
    if (!response.status().appends()) {
      return new Turn(response, List.of(), output);
    }
    return new Turn(
        response, List.copyOf(run.input()), AnsweredItems.followed(status, OutputItems.of(json)));
  }

  private List<ItemInput> inputs(
      ItemDrafts drafts, int most, BiFunction<ItemDraft, Item, ItemInput> meaning) {
    Limits.checkCount(drafts.path(), drafts.count(), most);
    List<ItemInput> inputs = new ArrayList<>(drafts.count());
    for (ItemDraft draft : drafts.drafts()) {
      inputs.add(draft.isReference() ? reference(draft) : meaning.apply(draft, inputItem(draft)));
    }
    return inputs;
  }

  private static ItemReference reference(ItemDraft draft) {
    checkId(draft);
    return new ItemReference(draft.id());
  }

  private Item inputItem(ItemDraft draft) {
    return inputItem(draft, id(draft));
  }

  private static Item inputItem(ItemDraft draft, String id) {
    return draft.complete(id, ItemType.of(draft.type()).hasStatus() ? COMPLETED : null);
  }

  /** Items that a model server answered with keep their state. */
  private List<Item> outputs(ItemDrafts drafts) {
    Limits.checkCount(drafts.path(), drafts.count(), Limits.ITEMS_PER_TURN);
    return drafts.drafts().stream().map(draft -> draft.complete(id(draft), null)).toList();
  }

  /** The id that an item was sent with or, if there was none, a new one. */
  private String id(ItemDraft draft) {
    Limits.checkType(draft.path() + ".type", draft.type());
    if (draft.id() == null) {
      return ids.item(draft.type());
    }
    checkId(draft);
    return draft.id();
  }

  private static void checkId(ItemDraft draft) {
    Limits.checkId(draft.path() + ".id", draft.id());
  }
}
