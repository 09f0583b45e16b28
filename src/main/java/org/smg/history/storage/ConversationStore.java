package org.smg.history.storage;

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
import org.smg.history.model.Scope;

/**
 * Keeps conversations and their items.
 *
 * <p>An {@link org.smg.history.model.Item} is stored as it is, whatever is stored elsewhere under
 * its id. Two kinds of input stand for stored content, of any conversation or response in scope: a
 * reference, and an item that was posted under an id which this service made. An id that the
 * conversation has already, or that comes twice in a batch, is refused with {@link
 * HistoryFailure.ItemAlreadyInConversation}, a reference to nothing with {@link
 * HistoryFailure.UnknownReference}, and then nothing of the batch is stored.
 */
public interface ConversationStore {

  /**
   * Stores a new conversation together with its first items.
   *
   * @param once stored in the same step, if present
   * @throws HistoryFailure.IdempotencyKeyUsed if there is a record of that key
   */
  void create(
      Scope scope,
      Conversation conversation,
      List<ItemInput> items,
      Optional<IdempotencyRecord> once);

  /** The same without an idempotency key. */
  default void create(Scope scope, Conversation conversation, List<ItemInput> items) {
    create(scope, conversation, items, Optional.empty());
  }

  Optional<Conversation> find(Scope scope, String id);

  /**
   * Replaces all metadata; of several at once, the last one wins.
   *
   * @param once stored in the same step, if present
   * @return the conversation as it now is, or empty if there is none
   * @throws HistoryFailure.IdempotencyKeyUsed if there is a record of that key
   */
  Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at, Optional<IdempotencyRecord> once);

  /** The same without an idempotency key. */
  default Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at) {
    return replaceMetadata(scope, id, metadata, at, Optional.empty());
  }

  /**
   * Removes the conversation and its items. Responses made in it stay, with their own copy.
   *
   * @return whether there was one
   */
  boolean delete(Scope scope, String id);

  /**
   * Removes conversations that meet the filter, oldest first, each as {@link #delete(Scope,
   * String)} does. One that does not meet it any more when its turn comes stays.
   *
   * @param limit how many at most, from 1 to 100; fewer, but one at least, where they hold so much
   *     that the backend could not remove it in time
   * @throws HistoryFailure.FilterTooBroad if the backend would have to look at too many
   */
  Removed delete(Scope scope, ConversationFilter filter, int limit);

  /**
   * Appends all items in order, or none.
   *
   * @param once stored in the same step, if present
   * @return the items as they now are in the conversation, in order
   * @throws HistoryFailure.NotFound if there is no such conversation
   * @throws HistoryFailure.IdempotencyKeyUsed if there is a record of that key
   */
  List<Item> append(
      Scope scope, String id, List<ItemInput> items, Instant at, Optional<IdempotencyRecord> once);

  /** The same without an idempotency key. */
  default List<Item> append(Scope scope, String id, List<ItemInput> items, Instant at) {
    return append(scope, id, items, at, Optional.empty());
  }

  /**
   * @return empty if the conversation has no such item
   * @throws HistoryFailure.NotFound if there is no such conversation
   */
  Optional<Item> item(Scope scope, String id, String itemId);

  /**
   * Lists items in the order in which they were appended, or its reverse.
   *
   * @throws HistoryFailure.NotFound if there is no such conversation, or if the cursor is not in it
   */
  Page<Item> items(Scope scope, String id, PageRequest page);

  /**
   * Lists conversations by creation.
   *
   * @throws HistoryFailure.NotFound if the cursor is no conversation of the tenant
   */
  Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page);

  /**
   * Takes an item out of the conversation.
   *
   * @return the conversation, or empty if it has no such item
   * @throws HistoryFailure.NotFound if there is no such conversation
   */
  Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at);
}
