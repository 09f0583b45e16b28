package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;

/** What is to be stored together, while the content behind each id is being settled. */
final class Batch {

  private final String tenant;
  private final List<ItemInput> inputs;
  private final Item[] settled;

  /** Items under known ids bring the stored content along. */
  static Batch of(String tenant, List<? extends ItemInput> inputs) {
    return of(tenant, inputs, List.of());
  }

  /**
   * @param asTheyAre items that are stored as they are, under whatever id, behind the inputs
   * @throws HistoryFailure.ItemAlreadyInConversation if an id comes twice
   */
  static Batch of(String tenant, List<? extends ItemInput> inputs, List<Item> asTheyAre) {
    List<ItemInput> all = new ArrayList<>(inputs);
    all.addAll(asTheyAre);
    Set<String> ids = new HashSet<>(2 * all.size());
    for (ItemInput input : all) {
      if (!ids.add(input.id())) {
        throw new HistoryFailure.ItemAlreadyInConversation(input.id());
      }
    }
    Batch batch = new Batch(tenant, all);
    for (int i = inputs.size(); i < all.size(); i++) {
      batch.settled[i] = (Item) all.get(i);
    }
    return batch;
  }

  private Batch(String tenant, List<ItemInput> inputs) {
    this.tenant = tenant;
    this.inputs = inputs;
    this.settled = new Item[inputs.size()];
  }

  List<String> ids() {
    return inputs.stream().map(ItemInput::id).toList();
  }

  int size() {
    return settled.length;
  }

  boolean isSettled(int index) {
    return settled[index] != null;
  }

  boolean isReference(int index) {
    return inputs.get(index) instanceof ItemReference;
  }

  /** Settles what a script asked for: pairs of an index and the holders of its content. */
  void settle(Reply open, Holders holders) {
    for (int i = 0; i < open.values().size(); i += 2) {
      settle((int) open.number(i), open.text(i + 1), holders);
    }
  }

  /**
   * @throws HistoryFailure.UnknownReference if a reference has no content
   */
  void settle(int index, String holdersOfContent, Holders holders) {
    ItemInput input = inputs.get(index);
    settled[index] =
        holders
            .find(tenant, input.id(), holdersOfContent)
            .orElseGet(
                () -> {
                  if (input instanceof Item own) {
                    return own;
                  }
                  throw new HistoryFailure.UnknownReference(input.id());
                });
  }

  /** Three arguments for each item: id, kind, entry. */
  void addTo(Call call) {
    for (int i = 0; i < settled.length; i++) {
      boolean reference = isReference(i);
      Item content = settled[i] != null || reference ? settled[i] : (Item) inputs.get(i);
      String kind = reference ? "r" : "i";
      call.with(inputs.get(i).id(), settled[i] == null ? kind : kind.toUpperCase(Locale.ROOT))
          .with(content == null ? new byte[0] : Packed.item(content));
    }
  }

  /** The contents; to be asked for once everything is stored. */
  List<Item> items() {
    List<Item> items = new ArrayList<>(settled.length);
    for (int i = 0; i < settled.length; i++) {
      items.add(settled[i] != null ? settled[i] : (Item) inputs.get(i));
    }
    return items;
  }
}
