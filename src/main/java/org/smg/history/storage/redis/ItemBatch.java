package org.smg.history.storage.redis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.ReusedItem;
import org.smg.history.model.Scope;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.redis.layout.ItemEncoding;
import org.smg.history.storage.redis.script.ScriptCall;

/**
 * Items that are to be stored together.
 *
 * @param items what each input stands for, in the same order
 */
record ItemBatch(Scope scope, List<? extends ItemInput> inputs, List<Item> items) {

  /**
   * Reads the stored content that inputs stand for; a batch of plain items reads nothing.
   *
   * @throws HistoryFailure.ItemAlreadyInConversation if an id comes twice
   * @throws HistoryFailure.UnknownReference if a reference leads to no content in scope
   */
  static ItemBatch of(Scope scope, List<? extends ItemInput> inputs, ItemLocator locator) {
    ItemIds.checkDistinct(inputs);
    List<? extends ItemInput> links =
        inputs.stream().filter(input -> !(input instanceof Item)).toList();
    Map<String, Item> stored = locator.find(scope, ItemIds.of(links));
    return new ItemBatch(
        scope, inputs, inputs.stream().map(input -> content(input, stored)).toList());
  }

  private static Item content(ItemInput input, Map<String, Item> stored) {
    if (input instanceof Item sent) {
      return sent;
    }
    Item found = stored.get(input.id());
    if (found != null) {
      return found;
    }
    if (input instanceof ReusedItem reused) {
      return reused.sent();
    }
    throw new HistoryFailure.UnknownReference(input.id());
  }

  List<String> ids() {
    return ItemIds.of(inputs);
  }

  /** The bytes of the items' JSON. */
  long size() {
    return items.stream().mapToLong(item -> item.json().length()).sum();
  }

  /** Adds the keys of the items' locations. */
  void addLocationKeys(ScriptCall call, RedisKeys keys) {
    inputs.forEach(input -> call.key(keys.itemLocations(scope.tenant(), input.id())));
  }

  /**
   * Adds three arguments for each item, as {@code read_batch} in the scripts expects them.
   *
   * @param inJson the ids of items that a response's JSON has
   */
  void addTo(ScriptCall call, Set<String> inJson) {
    for (int i = 0; i < items.size(); i++) {
      ItemInput input = inputs.get(i);
      String kind = inJson.contains(input.id()) ? "in_json" : "item";
      call.with(input.id(), input instanceof ItemReference ? "reference" : kind)
          .with(ItemEncoding.encode(items.get(i)));
    }
  }
}
