package org.smg.history.storage.jpa;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ReusedItem;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.StoredItems;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Finds the content that is to be stored for each item: its own, or what it stands for. */
final class LinkedItems {

  private final Database database;
  private final Retained retained;

  LinkedItems(Database database, Retained retained) {
    this.database = database;
    this.retained = retained;
  }

  /** The ids of those among the items that stand for stored content. */
  static List<String> ids(List<ItemInput> items) {
    return items.stream().filter(item -> !(item instanceof Item)).map(ItemInput::id).toList();
  }

  /**
   * Looks nothing up if no item stands for stored content.
   *
   * @param at when content is stored that is not stored yet
   * @throws HistoryFailure.UnknownReference if nothing in scope is stored under a reference's id
   */
  List<StoredItem> resolve(Scope scope, List<ItemInput> items, Instant at) {
    List<String> ids = ids(items);
    Map<String, StoredItem> stored =
        ids.isEmpty()
            ? Map.of()
            : database.execute(
                scope.tenant(), connection -> StoredItems.first(connection, scope, ids, retained));
    return items.stream().map(item -> resolve(item, stored.get(item.id()), at)).toList();
  }

  private static StoredItem resolve(ItemInput input, StoredItem stored, Instant at) {
    if (input instanceof Item item) {
      return StoredItem.first(item, at);
    }
    if (stored != null) {
      return stored;
    }
    if (input instanceof ReusedItem reused) {
      return StoredItem.first(reused.sent(), at);
    }
    throw new HistoryFailure.UnknownReference(input.id());
  }
}
