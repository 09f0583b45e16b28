package org.smg.history.storage.memory;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.Item;
import org.smg.history.model.Metadata;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.IdempotencyRecord;

/**
 * Counts the bytes of heap that history takes. Texts are counted by their length, and the objects
 * around them by constants that were measured on a 64-bit JVM with compressed pointers.
 */
final class HeapUse {

  /** An item, what holds it, and its place in the index of ids. */
  private static final int ITEM = 230;

  /** An item's place in a conversation. */
  static final int PLACE = 100;

  /** A conversation without its items and metadata, with its places in indexes. */
  private static final int CONVERSATION = 900;

  /** A response without its texts, with its places in indexes. */
  private static final int RESPONSE = 1_100;

  /** Feedback without its texts, with its places in indexes. */
  private static final int FEEDBACK = 700;

  /** An idempotency key's record without its ids. */
  private static final int IDEMPOTENCY_KEY = 500;

  /** A label without its texts. */
  private static final int LABEL = 150;

  private final AtomicLong bytes = new AtomicLong();

  long bytes() {
    return bytes.get();
  }

  void add(long taken) {
    bytes.addAndGet(taken);
  }

  void subtract(long freed) {
    bytes.addAndGet(-freed);
  }

  static long of(Item item) {
    return ITEM + item.json().length() + of(item.id()) + of(item.type());
  }

  static long of(Conversation conversation) {
    return CONVERSATION + of(conversation.metadata()) + of(conversation.owner());
  }

  static long of(StoredResponse response) {
    return RESPONSE
        + response.json().length()
        + of(response.metadata())
        + of(response.model())
        + of(response.user())
        + of(response.safetyIdentifier());
  }

  static long of(Feedback feedback) {
    return FEEDBACK + of(feedback.comment()) + of(feedback.author()) + of(feedback.metadata());
  }

  static long of(IdempotencyRecord record) {
    return IDEMPOTENCY_KEY + record.ids().stream().mapToLong(HeapUse::of).sum();
  }

  private static long of(Metadata metadata) {
    long sum = 0;
    for (Map.Entry<String, String> label : metadata.entries().entrySet()) {
      sum += LABEL + of(label.getKey()) + of(label.getValue());
    }
    return sum;
  }

  /** Two bytes for each unit: that is what a text takes of which any character is not Latin. */
  private static long of(String text) {
    return text == null ? 0 : 2L * text.length();
  }
}
