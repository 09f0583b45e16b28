package org.smg.history.storage.memory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.smg.history.model.Feedback;
import org.smg.history.model.Item;
import org.smg.history.model.Metadata;
import org.smg.history.storage.memory.ItemIndex.Held;

/**
 * The bytes of texts as limits count them, and not as they lie on the heap: an item counts wherever
 * it is, although it is kept once.
 */
final class TextBytes {

  private TextBytes() {}

  static long of(List<Held> items) {
    return items.stream().mapToLong(held -> of(held.item())).sum();
  }

  static long of(Item item) {
    return item.json().length();
  }

  static long of(Metadata metadata) {
    return metadata.entries().entrySet().stream()
        .mapToLong(label -> of(label.getKey()) + of(label.getValue()))
        .sum();
  }

  static long of(Feedback feedback) {
    return of(feedback.comment()) + of(feedback.metadata());
  }

  private static long of(String text) {
    return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
  }
}
