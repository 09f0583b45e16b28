package org.smg.history.rules;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.Storage;

/**
 * Carries out a request with an idempotency key once. Requests that were refused leave no record:
 * they have changed nothing, and their repeats are judged anew.
 */
@ApplicationScoped
public class Idempotency {

  private final Set<Key> underWay = ConcurrentHashMap.newKeySet();
  private final IdempotencyStore store;
  private final HistoryClock clock;

  @Inject
  public Idempotency(Storage storage, HistoryClock clock) {
    this.store = storage.idempotency();
    this.clock = clock;
  }

  /** For the container's proxy. */
  protected Idempotency() {
    this.store = null;
    this.clock = null;
  }

  /**
   * Makes the write, or the answer that it had before.
   *
   * @param write stores the record of the key along with everything else
   * @param repeat makes the first answer again
   * @throws HistoryFailure.InProgress while this server carries out a request with the same key
   */
  <T> T once(
      Caller caller, IdempotencyKey key, Supplier<T> write, Function<IdempotencyRecord, T> repeat) {
    if (!key.isSent()) {
      return write.get();
    }
    Key used = caller.key(key.hash(caller));
    if (!underWay.add(used)) {
      throw new HistoryFailure.InProgress();
    }
    try {
      Optional<IdempotencyRecord> known = find(used, key);
      return known.isPresent() ? repeat.apply(known.get()) : writeOnce(used, key, write, repeat);
    } finally {
      underWay.remove(used);
    }
  }

  /** Gives a key free again, if this is still its record. */
  void forget(Caller caller, IdempotencyRecord record) {
    store.forget(caller.tenant(), record);
  }

  /** Another server may have carried out the same request since we looked. */
  private <T> T writeOnce(
      Key used, IdempotencyKey key, Supplier<T> write, Function<IdempotencyRecord, T> repeat) {
    try {
      return write.get();
    } catch (HistoryFailure.IdempotencyKeyUsed meanwhile) {
      return repeat.apply(find(used, key).orElseThrow(HistoryFailure.InProgress::new));
    }
  }

  private Optional<IdempotencyRecord> find(Key used, IdempotencyKey key) {
    Optional<IdempotencyRecord> known =
        store.find(used.tenant(), used.id(), clock.now().minus(IdempotencyRecord.LIFETIME));
    if (known.isPresent() && !known.get().requestHash().equals(key.requestHash())) {
      throw new HistoryFailure.Invalid(
          IdempotencyKey.HEADER,
          "idempotency_key_reused",
          "This %s was used for another request in the last 24 hours. Use a new one."
              .formatted(IdempotencyKey.HEADER));
    }
    return known;
  }
}
