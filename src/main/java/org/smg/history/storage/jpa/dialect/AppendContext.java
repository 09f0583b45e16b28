package org.smg.history.storage.jpa;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;

/** Turns what is to be appended into what is stored. */
final class Batch {

  private Batch() {}

  static List<String> ids(List<? extends ItemInput> inputs) {
    return inputs.stream().map(ItemInput::id).toList();
  }

  /** Refuses an id that comes twice. */
  static void checkDistinct(List<? extends ItemInput> inputs) {
    Set<String> ids = new HashSet<>(2 * inputs.size());
    for (ItemInput input : inputs) {
      if (!ids.add(input.id())) {
        throw new HistoryFailure.ItemAlreadyInConversation(input.id());
      }
    }
  }

  /** Refuses what the conversation has. */
  static void checkAbsent(String id, Map<String, Content> known) {
    if (known.containsKey(id) && known.get(id).inConversation()) {
      throw new HistoryFailure.ItemAlreadyInConversation(id);
    }
  }

  /** The stored content behind every input, or its own where nothing is stored under its id. */
  static List<Content> contents(
      List<? extends ItemInput> inputs, Map<String, Content> known, Instant at) {
    return inputs.stream().map(input -> content(input, known.get(input.id()), at)).toList();
  }

  private static Content content(ItemInput input, Content known, Instant at) {
    if (known != null) {
      return known;
    }
    if (input instanceof Item item) {
      return added(item, at);
    }
    throw new HistoryFailure.UnknownReference(input.id());
  }

  /** The item's own content. */
  static Content added(Item item, Instant at) {
    return new Content(item, Micros.of(at), false);
  }
}
