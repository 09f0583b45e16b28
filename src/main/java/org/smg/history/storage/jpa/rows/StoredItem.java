package org.smg.history.storage.jpa.rows;

import java.time.Instant;
import org.smg.history.model.Item;

/**
 * An item's content that is stored, or is to be stored.
 *
 * @param storedAt when it was first stored, in microseconds since 1970
 */
public record StoredItem(Item item, long storedAt) {

  /** Content that is stored for the first time, as it was sent. */
  public static StoredItem first(Item item, Instant at) {
    return new StoredItem(item, EpochMicros.of(at));
  }
}
