package org.smg.history.storage.jpa.dialect;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ReusedItem;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * What a transaction knows before it writes items. It holds the conversation's lock, under which
 * nobody else adds items to the conversation or removes them.
 *
 * @param firstPosition the first of the reserved positions; empty if there is no such conversation
 * @param linked by item id what references and reused items stand for
 * @param present by item id what the conversation contains of the items
 */
public record AppendContext(
    OptionalLong firstPosition, Map<String, StoredItem> linked, Map<String, Item> present) {

  /** For items that no conversation gets. */
  public static AppendContext withoutConversation(Map<String, StoredItem> linked) {
    return new AppendContext(OptionalLong.empty(), linked, Map.of());
  }

  /** The ids of those among the items that stand for stored content. */
  public static List<String> linkedIds(List<? extends ItemInput> items) {
    return items.stream().filter(item -> !(item instanceof Item)).map(ItemInput::id).toList();
  }

  /** Whether the conversation contains an item of this id. */
  public boolean isPresent(String itemId) {
    return present.containsKey(itemId);
  }

  /**
   * @throws HistoryFailure.ItemAlreadyInConversation if the conversation contains one of the items
   */
  public void checkAbsent(List<? extends ItemInput> items) {
    for (ItemInput item : items) {
      if (isPresent(item.id())) {
        throw new HistoryFailure.ItemAlreadyInConversation(item.id());
      }
    }
  }

  /**
   * @throws HistoryFailure.ItemAlreadyInConversation if the conversation contains an item under the
   *     id of one of these, with other content
   */
  public void checkAbsentOrSame(List<? extends ItemInput> items) {
    for (ItemInput item : items) {
      Item there = present.get(item.id());
      if (there != null && item instanceof Item sent && !there.json().equals(sent.json())) {
        throw new HistoryFailure.ItemAlreadyInConversation(item.id());
      }
    }
  }

  /**
   * The content that is to be stored for each item: its own, or what it stands for.
   *
   * @param at when content is stored that is not stored yet
   * @throws HistoryFailure.UnknownReference if nothing is stored under the id of a reference
   */
  public List<StoredItem> resolve(List<? extends ItemInput> items, Instant at) {
    return items.stream().map(item -> resolve(item, at)).toList();
  }

  private StoredItem resolve(ItemInput input, Instant at) {
    if (input instanceof Item item) {
      return StoredItem.first(item, at);
    }
    StoredItem stored = linked.get(input.id());
    if (stored != null) {
      return stored;
    }
    if (input instanceof ReusedItem reused) {
      return StoredItem.first(reused.sent(), at);
    }
    throw new HistoryFailure.UnknownReference(input.id());
  }
}
