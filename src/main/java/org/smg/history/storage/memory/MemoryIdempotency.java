package org.smg.history.storage.memory;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.IdempotencyRecord;

/** The idempotency keys that one tenant has used; they are evicted like all that is long unused. */
final class MemoryIdempotency {

  private final class Kept {
    final IdempotencyRecord record;
    final Eviction.Candidate candidate = eviction.candidate(this::remove);

    Kept(IdempotencyRecord record) {
      this.record = record;
    }

    boolean remove() {
      boolean removed = kept.remove(record.keyHash(), this);
      if (removed) {
        heap.subtract(HeapUse.of(record));
      }
      return removed;
    }
  }

  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final HeapUse heap;
  private final Eviction eviction;

  MemoryIdempotency(HeapUse heap, Eviction eviction) {
    this.heap = heap;
    this.eviction = eviction;
  }

  Optional<IdempotencyRecord> find(String keyHash, Instant since) {
    Kept found = kept.get(keyHash);
    if (found != null && found.record.recordedAt().isBefore(since)) {
      forget(found);
      found = null;
    }
    return Optional.ofNullable(found).map(known -> known.record);
  }

  /**
   * Makes a write and keeps its record, or neither.
   *
   * @throws HistoryFailure.IdempotencyKeyUsed if there is a record of that key
   */
  <T> T once(Optional<IdempotencyRecord> record, Supplier<T> write) {
    if (record.isEmpty()) {
      return write.get();
    }
    Kept added = new Kept(record.get());
    if (kept.putIfAbsent(added.record.keyHash(), added) != null) {
      throw new HistoryFailure.IdempotencyKeyUsed();
    }
    heap.add(HeapUse.of(added.record));
    eviction.added(added.candidate);
    try {
      return write.get();
    } catch (RuntimeException refused) {
      forget(added);
      throw refused;
    }
  }

  void forget(IdempotencyRecord record) {
    Kept known = kept.get(record.keyHash());
    if (known != null && known.record.equals(record)) {
      forget(known);
    }
  }

  /** Forgets all records from before a time. */
  void forgetBefore(Instant time) {
    kept.values().stream()
        .filter(known -> known.record.recordedAt().isBefore(time))
        .forEach(this::forget);
  }

  private void forget(Kept known) {
    if (known.remove()) {
      eviction.removed(known.candidate);
    }
  }
}
