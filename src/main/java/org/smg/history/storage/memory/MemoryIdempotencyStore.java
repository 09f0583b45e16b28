package org.smg.history.storage.memory;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.IdempotencyStore;

/**
 * @param tenants by name
 */
record MemoryIdempotencyStore(Function<String, TenantHistory> tenants) implements IdempotencyStore {

  @Override
  public Optional<IdempotencyRecord> find(String tenant, String keyHash, Instant since) {
    return tenants.apply(tenant).idempotency().find(keyHash, since);
  }

  @Override
  public void forget(String tenant, IdempotencyRecord record) {
    tenants.apply(tenant).idempotency().forget(record);
  }
}
