package org.smg.history.rules;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.smg.history.json.ConversationDraft;
import org.smg.history.json.ItemDrafts;
import org.smg.history.model.Caller;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Metadata;
import org.smg.history.model.Page;
import org.smg.history.model.ReusedItem;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.Storage;

/** What callers do with conversations and their items. */
@Dependent
public final class ConversationHistory {

  private final ConversationStore store;
  private final HistoryClock clock;
  private final Ids ids;
  private final Completion completion;
  private final Idempotency idempotency;

  @Inject
  public ConversationHistory(
      Storage storage,
      HistoryClock clock,
      Ids ids,
      Completion completion,
      Idempotency idempotency) {
    this.store = storage.conversations();
    this.clock = clock;
    this.ids = ids;
    this.completion = completion;
    this.idempotency = idempotency;
  }

  public Conversation create(Caller caller, ConversationDraft draft, IdempotencyKey key) {
    Limits.checkMetadata(draft.metadata());
    return idempotency.once(
        caller,
        key,
        () -> createNow(caller, draft, key),
        before -> conversation(caller, before.ids().get(0), before.recordedAt(), draft.metadata()));
  }

  private Conversation createNow(Caller caller, ConversationDraft draft, IdempotencyKey key) {
    List<ItemInput> items = completion.posted(draft.items());
    Instant now = clock.now();
    Conversation created = conversation(caller, ids.conversation(now), now, draft.metadata());
    return posting(
        () -> {
          store.create(
              caller.scope(), created, items, key.record(caller, now, List.of(created.key().id())));
          return created;
        });
  }

  private static Conversation conversation(
      Caller caller, String id, Instant at, Metadata metadata) {
    return new Conversation(caller.key(id), caller.user(), at, at, metadata);
  }

  public Conversation get(Caller caller, String id) {
    return store
        .find(caller.scope(), id)
        .orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
  }

  public Conversation replaceMetadata(
      Caller caller, String id, Metadata metadata, IdempotencyKey key) {
    Limits.checkMetadata(metadata);
    return idempotency.once(
        caller,
        key,
        () -> {
          Instant now = clock.now();
          return store
              .replaceMetadata(
                  caller.scope(), id, metadata, now, key.record(caller, now, List.of(id)))
              .orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
        },
        before -> get(caller, id).withMetadata(metadata, before.recordedAt()));
  }

  public void delete(Caller caller, String id) {
    if (!store.delete(caller.scope(), id)) {
      throw HistoryFailure.NotFound.conversation(id);
    }
  }

  /** Deletes conversations that meet the filter, as many as one request may delete. */
  public DeletedPart delete(Caller caller, ConversationFilter filter) {
    return DeletedPart.of(store.delete(caller.scope(), filter, Limits.DELETED_BY_REQUEST));
  }

  public Page<Conversation> list(Caller caller, ConversationFilter filter, Window window) {
    return window.read(page -> store.list(caller.scope(), filter, page));
  }

  public List<Item> append(Caller caller, String id, ItemDrafts drafts, IdempotencyKey key) {
    return idempotency.once(
        caller,
        key,
        () -> {
          List<ItemInput> items = completion.appended(drafts);
          Instant now = clock.now();
          return posting(
              () ->
                  store.append(
                      caller.scope(), id, items, now, key.record(caller, now, ItemIds.of(items))));
        },
        before ->
            posting(
                () ->
                    completion.postedAgain(drafts, before.ids()).stream()
                        .map(input -> added(caller, id, input))
                        .toList()));
  }

  /** An item that was added before. Stored content that one stood for may be gone since. */
  private Item added(Caller caller, String id, ItemInput input) {
    if (input instanceof Item asPosted) {
      return asPosted;
    }
    Optional<Item> stored = store.item(caller.scope(), id, input.id());
    return input instanceof ReusedItem reused
        ? stored.orElseGet(reused::sent)
        : stored.orElseThrow(() -> new HistoryFailure.UnknownReference(input.id()));
  }

  private static <T> T posting(Supplier<T> write) {
    try {
      return write.get();
    } catch (HistoryFailure.UnknownReference unknown) {
      throw unknown.namedBy("items");
    }
  }

  public Item item(Caller caller, String id, String itemId) {
    return store
        .item(caller.scope(), id, itemId)
        .orElseThrow(() -> HistoryFailure.NotFound.itemInConversation(itemId));
  }

  public Page<Item> items(Caller caller, String id, Window window) {
    return window.read(page -> store.items(caller.scope(), id, page));
  }

  public Conversation removeItem(Caller caller, String id, String itemId) {
    return store
        .removeItem(caller.scope(), id, itemId, clock.now())
        .orElseThrow(() -> HistoryFailure.NotFound.itemInConversation(itemId));
  }
}
