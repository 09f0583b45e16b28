package org.smg.history.storage;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.ItemInput;

/** The ids of items that are stored together, and what every backend refuses about them. */
public final class ItemIds {

  private ItemIds() {}

  /** The items' ids, in order. */
  public static List<String> of(List<? extends ItemInput> items) {
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
