package org.smg.history.storage.none;

import java.time.Instant;
import java.util.Optional;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.IdempotencyStore;

/** Keys are ignored: nothing that is repeated is there twice. */
final class NoIdempotency implements IdempotencyStore {

  @Override
  public Optional<IdempotencyRecord> find(String tenant, String keyHash, Instant since) {
    return Optional.empty();
  }

  @Override
  public void forget(String tenant, IdempotencyRecord record) {}
}
