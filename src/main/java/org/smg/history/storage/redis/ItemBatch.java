package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.Scope;

/**
 * Items that are to be stored together. An item is resolved once it is known which content is
 * stored under its id: its own, or the one that the scope has elsewhere.
 */
final class ItemBatch {

  private final Scope scope;
  private final List<ItemInput> inputs;
  private final Item[] resolved;
  private BoundedWait wait;

  /** A batch of items and references that are still to be resolved. */
  static ItemBatch of(Scope scope, List<? extends ItemInput> inputs) {
    return of(scope, inputs, List.of());
  }

  /**
   * A batch of items and references that are still to be resolved, and items that need not be.
   *
   * @param resolved items that are stored as they are, whatever their ids; they come last
   * @throws HistoryFailure.ItemAlreadyInConversation if an id comes twice
   */
  static ItemBatch of(Scope scope, List<? extends ItemInput> inputs, List<Item> resolved) {
    List<ItemInput> all = new ArrayList<>(inputs);
    all.addAll(resolved);
    Set<String> ids = new HashSet<>(2 * all.size());
    for (ItemInput input : all) {
      if (!ids.add(input.id())) {
        throw new HistoryFailure.ItemAlreadyInConversation(input.id());
      }
    }
    ItemBatch batch = new ItemBatch(scope, all);
    for (int i = inputs.size(); i < all.size(); i++) {
      batch.resolved[i] = (Item) all.get(i);
    }
    return batch;
  }

  private ItemBatch(Scope scope, List<ItemInput> inputs) {
    this.scope = scope;
    this.inputs = inputs;
    this.resolved = new Item[inputs.size()];
  }

  Scope scope() {
    return scope;
  }

  List<String> ids() {
    return inputs.stream().map(ItemInput::id).toList();
  }

  int size() {
    return resolved.length;
  }

  boolean isResolved(int index) {
    return resolved[index] != null;
  }

  boolean isReference(int index) {
    return inputs.get(index) instanceof ItemReference;
  }

  /**
   * Resolves the items that a script refused to store yet, so that it can be run again. The script
   * may then name others, because other requests store items at the same time: it is run again at
   * once the first time, then after pauses, and not any more after about a second.
   *
   * @param unresolved pairs of an item's index and its locations
   * @throws HistoryFailure.UnknownReference if a reference leads to no content in scope
   */
  void resolve(ScriptReply unresolved, ItemLocator locator) {
    if (wait == null) {
      wait = new BoundedWait();
    } else if (!wait.pause()) {
      throw new HistoryFailure.Unavailable(
          "Other requests keep storing items under the same ids; nothing was stored.", null);
    }
    for (int i = 0; i < unresolved.values().size(); i += 2) {
      resolve((int) unresolved.number(i), unresolved.text(i + 1), locator);
    }
  }

  /**
   * Resolves one item.
   *
   * @throws HistoryFailure.UnknownReference if it is a reference that leads to no content in scope
   */
  void resolve(int index, String locations, ItemLocator locator) {
    ItemInput input = inputs.get(index);
    resolved[index] =
        locator
            .find(scope, input.id(), locations)
            .orElseGet(
                () -> {
                  if (input instanceof Item own) {
                    return own;
                  }
                  throw new HistoryFailure.UnknownReference(input.id());
                });
  }

  /** Adds three arguments for each item, as {@code read_batch} in the scripts expects them. */
  void addTo(ScriptCall call) {
    for (int i = 0; i < resolved.length; i++) {
      String kind = isReference(i) ? "reference" : "item";
      Item content = content(i);
      call.with(inputs.get(i).id(), isResolved(i) ? "resolved_" + kind : kind)
          .with(content == null ? new byte[0] : ItemEncoding.encode(content));
    }
  }

  /** The contents that were stored, in order. */
  List<Item> items() {
    List<Item> items = new ArrayList<>(resolved.length);
    for (int i = 0; i < resolved.length; i++) {
      items.add(content(i));
    }
    return items;
  }

  /** Null for a reference that is not resolved. */
  private Item content(int index) {
    return isResolved(index) || isReference(index) ? resolved[index] : (Item) inputs.get(index);
  }
}
