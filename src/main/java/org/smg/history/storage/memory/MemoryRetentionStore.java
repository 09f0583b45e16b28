package org.smg.history.storage.memory;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.RetentionStore;

/** There is one server, so that the lease is always its own. */
final class MemoryRetentionStore implements RetentionStore {

  /** How many conversations, and how many responses, one call removes. */
  private static final int BATCH = 100;

  private final ConcurrentMap<String, TenantHistory> tenants;
  private final DueHistory due;
  private final Map<String, Purged> purges;

  /**
   * @param purges where the last purge of each tenant is kept
   */
  MemoryRetentionStore(
      ConcurrentMap<String, TenantHistory> tenants, DueHistory due, Map<String, Purged> purges) {
    this.tenants = tenants;
    this.due = due;
    this.purges = purges;
  }

  @Override
  public boolean lease(String holder, Duration duration) {
    return true;
  }

  @Override
  public void release(String holder) {
    // Nobody else waits for it.
  }

  @Override
  public Optional<String> tenantAfter(String tenant) {
    ConcurrentSkipListMap<String, TenantHistory> ordered = new ConcurrentSkipListMap<>(tenants);
    return Optional.ofNullable(tenant == null ? ordered.firstEntry() : ordered.higherEntry(tenant))
        .map(Map.Entry::getKey);
  }

  @Override
  public Step purge(String tenant, Instant now) {
    TenantHistory history = tenants.get(tenant);
    if (history == null) {
      return Step.NOTHING_DUE;
    }
    history.idempotency().forgetBefore(now.minus(IdempotencyRecord.LIFETIME));
    Counts removed = due.remove(history, BATCH);
    return new Step(removed, !removed.isNone());
  }

  @Override
  public void purged(String tenant, Purged purge) {
    purges.put(tenant, purge);
  }

  @Override
  public State state(String tenant) {
    TenantHistory history = tenants.get(tenant);
    return history == null
        ? State.EMPTY
        : new State(
            time(history.conversations().least(MemoryConversation::updatedAt)),
            time(history.responses().least(MemoryResponse::recordedAt)),
            purges.get(tenant));
  }

  private static Instant time(OptionalLong micros) {
    return micros.isPresent() ? Instant.EPOCH.plus(micros.getAsLong(), ChronoUnit.MICROS) : null;
  }
}
