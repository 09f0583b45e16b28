package org.smg.history.storage.none;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Metadata;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ReusedItem;
import org.smg.history.model.Scope;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.Removed;

final class NoConversations implements ConversationStore {

  @Override
  public void create(
      Scope scope,
      Conversation conversation,
      List<ItemInput> items,
      Optional<IdempotencyRecord> once) {
    accept(items);
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    return Optional.empty();
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at, Optional<IdempotencyRecord> once) {
    return Optional.of(new Conversation(scope.key(id), null, at, at, metadata));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return true;
  }

  @Override
  public Removed delete(Scope scope, ConversationFilter filter, int limit) {
    return Removed.NOTHING;
  }

  @Override
  public List<Item> append(
      Scope scope, String id, List<ItemInput> items, Instant at, Optional<IdempotencyRecord> once) {
    return accept(items);
  }

  @Override
  public Optional<Item> item(Scope scope, String id, String itemId) {
    return Optional.empty();
  }

  @Override
  public Page<Item> items(Scope scope, String id, PageRequest page) {
    return Page.empty();
  }

  @Override
  public Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page) {
    return Page.empty();
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    return replaceMetadata(scope, id, Metadata.NONE, at);
  }

  /** Refuses what even an empty history must refuse: an id that comes twice, and a reference. */
  static List<Item> accept(List<ItemInput> items) {
    ItemIds.checkDistinct(items);
    return items.stream().map(NoConversations::accept).toList();
  }

  private static Item accept(ItemInput input) {
    if (input instanceof ReusedItem reused) {
      return reused.sent();
    }
    if (input instanceof Item item) {
      return item;
    }
    throw new HistoryFailure.UnknownReference(input.id());
  }
}
