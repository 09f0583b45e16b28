package org.smg.history.storage.memory;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/**
 * Keeps history within a number of bytes: conversations with their items, and responses with their
 * feedback, go in the order in which they were last read or written.
 *
 * <p>A use only notes its number. The queue is put right when somebody takes the oldest entry from
 * it, so that reads wait for no lock.
 */
final class Eviction {

  /** What can be given up. */
  static final class Candidate {

    private final BooleanSupplier delete;
    private volatile long lastUse;

    /** Its key in the queue; belongs to the queue's lock. */
    private long queuedAs;

    private Candidate(BooleanSupplier delete) {
      this.delete = delete;
    }
  }

  private final long limit;
  private final HeapUse heap;
  private final AtomicLong uses = new AtomicLong();
  private final TreeMap<Long, Candidate> queue = new TreeMap<>();
  private final LongAdder evicted = new LongAdder();

  /**
   * @param limit in bytes
   */
  Eviction(long limit, HeapUse heap) {
    this.limit = limit;
    this.heap = heap;
  }

  /** How many conversations and responses were given up. */
  long evicted() {
    return evicted.sum();
  }

  /**
   * Makes a candidate, which is not in the queue yet.
   *
   * @param delete deletes it, and says whether it was still there; called without any lock
   */
  Candidate candidate(BooleanSupplier delete) {
    return new Candidate(delete);
  }

  /** To be called once it can be found. */
  void added(Candidate candidate) {
    long use = uses.incrementAndGet();
    candidate.lastUse = use;
    synchronized (queue) {
      candidate.queuedAs = use;
      queue.put(use, candidate);
    }
  }

  void used(Candidate candidate) {
    candidate.lastUse = uses.incrementAndGet();
  }

  /** To be called once it cannot be found any more. */
  void removed(Candidate candidate) {
    synchronized (queue) {
      queue.remove(candidate.queuedAs, candidate);
    }
  }

  /** Gives up what was longest unused until the rest is within the limit; without any lock. */
  void makeRoom() {
    while (heap.bytes() > limit) {
      Optional<Candidate> longestUnused = takeLongestUnused();
      if (longestUnused.isEmpty()) {
        return;
      }
      if (longestUnused.get().delete.getAsBoolean()) {
        evicted.increment();
      }
    }
  }

  private Optional<Candidate> takeLongestUnused() {
    synchronized (queue) {
      Map.Entry<Long, Candidate> first = queue.pollFirstEntry();
      while (first != null) {
        Candidate candidate = first.getValue();
        long lastUse = candidate.lastUse;
        if (lastUse == candidate.queuedAs) {
          return Optional.of(candidate);
        }
        candidate.queuedAs = lastUse;
        queue.put(lastUse, candidate);
        first = queue.pollFirstEntry();
      }
      return Optional.empty();
    }
  }
}
