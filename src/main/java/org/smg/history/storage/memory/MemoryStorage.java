package org.smg.history.storage.memory;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.smg.history.config.Options;
import org.smg.history.storage.Backend;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StoredIn;

/** The backend {@code memory}. */
@Dependent
@StoredIn(Backend.MEMORY)
public final class MemoryStorage implements Storage {

  private final ConcurrentMap<String, TenantHistory> tenants = new ConcurrentHashMap<>();
  private final HeapUse heap = new HeapUse();
  private final Eviction eviction;
  private final ByteMeter meter;
  private final Horizon horizon;
  private final MemoryByteSums byteSums = new MemoryByteSums();
  private final Map<String, RetentionStore.Purged> purges = new ConcurrentHashMap<>();

  /**
   * @throws org.smg.history.config.InvalidOptions if any option cannot be used
   */
  @Inject
  public MemoryStorage(Options options, ByteMeter meter, Horizon horizon) {
    this(MemoryOptions.read(options).maxBytes(), meter, horizon);
  }

  MemoryStorage(Options options, ByteMeter meter) {
    this(options, meter, Horizon.NONE);
  }

  MemoryStorage(Options options) {
    this(options, ByteMeter.NONE);
  }

  MemoryStorage(long maxBytes) {
    this(maxBytes, ByteMeter.NONE);
  }

  MemoryStorage(long maxBytes, ByteMeter meter) {
    this(maxBytes, meter, Horizon.NONE);
  }

  MemoryStorage(long maxBytes, ByteMeter meter, Horizon horizon) {
    this.horizon = horizon;
    this.eviction = new Eviction(maxBytes, heap);
    this.meter = meter;
  }

  @Override
  public ConversationStore conversations() {
    return new MemoryConversationStore(this::tenant, eviction, meter);
  }

  @Override
  public ResponseStore responses() {
    return new MemoryResponseStore(this::tenant, eviction, meter);
  }

  @Override
  public FeedbackStore feedback() {
    return new MemoryFeedbackStore(this::tenant, eviction, meter);
  }

  @Override
  public IdempotencyStore idempotency() {
    return new MemoryIdempotencyStore(this::tenant);
  }

  @Override
  public RunStore runs() {
    return new MemoryRunStore(this::tenant, eviction, meter);
  }

  @Override
  public ByteSums byteSums() {
    return byteSums;
  }

  @Override
  public RetentionStore retention() {
    return new MemoryRetentionStore(
        tenants,
        new DueHistory(
            new MemoryConversationStore(this::tenant, eviction, meter),
            new MemoryResponseStore(this::tenant, eviction, meter)),
        purges);
  }

  @Override
  public Map<String, Long> metrics() {
    return Map.of(
        "conversations",
        tenants.values().stream().mapToLong(tenant -> tenant.conversations().size()).sum(),
        "responses",
        tenants.values().stream().mapToLong(tenant -> tenant.responses().size()).sum(),
        "bytes",
        heap.bytes(),
        "evicted",
        eviction.evicted());
  }

  private TenantHistory tenant(String name) {
    // A plain read first: computeIfAbsent may lock even when the tenant is there.
    TenantHistory known = tenants.get(name);
    return known != null
        ? known
        : tenants.computeIfAbsent(name, made -> new TenantHistory(heap, eviction, horizon));
  }
}
