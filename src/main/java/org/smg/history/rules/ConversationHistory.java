package org.smg.history.rules;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
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
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.Storage;

/** What callers do with conversations and their items. */
@Dependent
public final class ConversationHistory {

  private final ConversationStore store;
  private final HistoryClock clock;
  private final Ids ids;
  private final Completion completion;

  @Inject
  public ConversationHistory(Storage storage, HistoryClock clock, Ids ids, Completion completion) {
    this.store = storage.conversations();
    this.clock = clock;
    this.ids = ids;
    this.completion = completion;
  }

  public Conversation create(Caller caller, ConversationDraft draft) {
    Metadata metadata = draft.metadata();
    Limits.checkMetadata(metadata);
    List<ItemInput> items = completion.posted(draft.items());
    Instant now = clock.now();
    Conversation created =
        new Conversation(caller.key(ids.conversation(now)), caller.user(), now, now, metadata);
    return posting(
        () -> {
          store.create(caller.scope(), created, items);
          return created;
        });
  }

  public Conversation get(Caller caller, String id) {
    return store
        .find(caller.scope(), id)
        .orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
  }

  public Conversation replaceMetadata(Caller caller, String id, Metadata metadata) {
    Limits.checkMetadata(metadata);
    return store
        .replaceMetadata(caller.scope(), id, metadata, clock.now())
        .orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
  }

  public void delete(Caller caller, String id) {
    if (!store.delete(caller.scope(), id)) {
      throw HistoryFailure.NotFound.conversation(id);
    }
  }

  public Page<Conversation> list(Caller caller, ConversationFilter filter, Window window) {
    return window.read(page -> store.list(caller.scope(), filter, page));
  }

  public List<Item> append(Caller caller, String id, ItemDrafts drafts) {
    List<ItemInput> items = completion.appended(drafts);
    return posting(() -> store.append(caller.scope(), id, items, clock.now()));
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
