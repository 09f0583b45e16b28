package org.smg.history.storage.selection;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Metadata;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.Removed;
import org.smg.history.storage.StoreOperation;

/**
 * @param store the backend's own
 */
record ObservedConversations(ConversationStore store, Observation observation)
    implements ConversationStore {

  @Override
  public void create(
      Scope scope,
      Conversation conversation,
      List<ItemInput> items,
      Optional<IdempotencyRecord> once) {
    observation.of(
        StoreOperation.CONVERSATION_PUT,
        scope,
        conversation.key().id(),
        () -> {
          store.create(scope, conversation, items, once);
          return conversation;
        });
    observation.stored(StoreOperation.CONVERSATION_PUT, 1);
    observation.stored(StoreOperation.ITEM_PUT, items.size());
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    return observation.of(StoreOperation.CONVERSATION_GET, scope, id, () -> store.find(scope, id));
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at, Optional<IdempotencyRecord> once) {
    return observation.of(
        StoreOperation.CONVERSATION_PUT,
        scope,
        id,
        () -> store.replaceMetadata(scope, id, metadata, at, once));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return observation.of(
        StoreOperation.CONVERSATION_DELETE, scope, id, () -> store.delete(scope, id));
  }

  @Override
  public List<Item> append(
      Scope scope, String id, List<ItemInput> items, Instant at, Optional<IdempotencyRecord> once) {
    List<Item> appended =
        observation.of(
            StoreOperation.ITEM_PUT, scope, id, () -> store.append(scope, id, items, at, once));
    observation.stored(StoreOperation.ITEM_PUT, appended.size());
    return appended;
  }

  @Override
  public Optional<Item> item(Scope scope, String id, String itemId) {
    return observation.of(StoreOperation.ITEM_GET, scope, id, () -> store.item(scope, id, itemId));
  }

  @Override
  public Page<Item> items(Scope scope, String id, PageRequest page) {
    return observation.of(StoreOperation.ITEM_LIST, scope, id, () -> store.items(scope, id, page));
  }

  @Override
  public Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page) {
    return observation.of(
        StoreOperation.CONVERSATION_LIST, scope, null, () -> store.list(scope, filter, page));
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    return observation.of(
        StoreOperation.ITEM_DELETE, scope, id, () -> store.removeItem(scope, id, itemId, at));
  }

  @Override
  public Removed delete(Scope scope, ConversationFilter filter, int limit) {
    return observation.of(
        StoreOperation.CONVERSATION_DELETE, scope, null, () -> store.delete(scope, filter, limit));
  }
}
