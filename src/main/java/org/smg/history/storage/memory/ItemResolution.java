package org.smg.history.storage.memory;

import java.util.Arrays;
import java.util.List;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.ReusedItem;
import org.smg.history.model.Scope;
import org.smg.history.storage.memory.ItemIndex.Held;

/** Finds the stored content behind what is to be appended. */
final class ItemResolution {

  private ItemResolution() {}

  /**
   * Holds the stored content behind every input, storing what is new. Only references can fail, so
   * they are resolved first: content of a batch that is refused is never seen by others.
   *
   * @param owner of the conversation or response that is going to hold it
   */
  static List<Held> hold(
      Scope scope, String owner, List<? extends ItemInput> inputs, ItemIndex index) {
    Held[] held = new Held[inputs.size()];
    for (int i = 0; i < held.length; i++) {
      if (inputs.get(i) instanceof ItemReference) {
        String id = inputs.get(i).id();
        held[i] = index.hold(scope, owner, id).orElse(null);
        if (held[i] == null) {
          Arrays.stream(held, 0, i).filter(found -> found != null).forEach(index::release);
          throw new HistoryFailure.UnknownReference(id);
        }
      }
    }
    for (int i = 0; i < held.length; i++) {
      if (inputs.get(i) instanceof Item item) {
        held[i] = index.add(owner, item);
      } else if (inputs.get(i) instanceof ReusedItem reused) {
        held[i] = index.holdOrAdd(scope, owner, reused.sent());
      }
    }
    return Arrays.asList(held);
  }
}
