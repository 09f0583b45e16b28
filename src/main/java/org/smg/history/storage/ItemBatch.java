package org.smg.history.storage;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.ItemInput;

/** What every backend checks of items that are stored together. */
public final class ItemBatch {

  private ItemBatch() {}

  /** The items' ids, in order. */
  public static List<String> ids(List<? extends ItemInput> items) {
    return items.stream().map(ItemInput::id).toList();
  }

  /**
   * @throws HistoryFailure.ItemAlreadyInConversation if an id comes twice
   */
  public static void checkDistinct(List<? extends ItemInput> items) {
    Set<String> ids = new HashSet<>(2 * items.size());
    for (ItemInput item : items) {
      if (!ids.add(item.id())) {
        throw new HistoryFailure.ItemAlreadyInConversation(item.id());
      }
    }
  }
}
