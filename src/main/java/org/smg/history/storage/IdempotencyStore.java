package org.smg.history.storage;

import java.time.Instant;
import java.util.Optional;

/**
 * Finds the records that writes have left. A record is stored together with its write or not at
 * all, and the record of one key at most once: a write whose key is known stores nothing and raises
 * {@link org.smg.history.model.HistoryFailure.IdempotencyKeyUsed}.
 */
public interface IdempotencyStore {

  /**
   * Finds the record of a key. May remove records that are older.
   *
   * @param since records from before this time are not found, and their keys can be used again
   */
  Optional<IdempotencyRecord> find(String tenant, String keyHash, Instant since);

  /** Gives a key free again, if this is still its record. */
  void forget(String tenant, IdempotencyRecord record);
}
