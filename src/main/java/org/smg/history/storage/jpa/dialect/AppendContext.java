package org.smg.history.storage.jpa.dialect;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * What a transaction knows before it writes items; it holds the locks under which this stays true.
 *
 * @param firstPosition the first of the reserved positions; empty if there is no such conversation
 * @param storedItems by item id the content that was stored first under it
 */
public record AppendContext(OptionalLong firstPosition, Map<String, StoredItem> storedItems) {

  /** For items that no conversation gets. */
  public static AppendContext withoutConversation(Map<String, StoredItem> storedItems) {
    return new AppendContext(OptionalLong.empty(), storedItems);
  }

  /**
   * @throws HistoryFailure.ItemAlreadyInConversation if the conversation contains one of the items
   */
  public void checkNotInConversation(List<? extends ItemInput> items) {
    for (ItemInput item : items) {
      StoredItem stored = storedItems.get(item.id());
      if (stored != null && stored.inConversation()) {
        throw new HistoryFailure.ItemAlreadyInConversation(item.id());
      }
    }
  }

  /**
   * The content that is stored under each id, or else the item's own.
   *
   * @param at when content is stored that is not stored yet
   * @throws HistoryFailure.UnknownReference if nothing is stored under the id of a reference
   */
  public List<StoredItem> resolve(List<? extends ItemInput> items, Instant at) {
    return items.stream().map(item -> resolve(item, at)).toList();
  }

  private StoredItem resolve(ItemInput input, Instant at) {
    StoredItem stored = storedItems.get(input.id());
    if (stored != null) {
      return stored;
    }
    if (input instanceof Item item) {
      return StoredItem.first(item, at);
    }
    throw new HistoryFailure.UnknownReference(input.id());
  }
}
