package org.smg.history.storage.memory;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Keeps the number of conversations in bounds: the least recently updated ones go first. */
final class Eviction {

  private final int limit;
  private final Set<MemoryConversation> byLastUpdate = new LinkedHashSet<>();
  private final LongAdder evicted = new LongAdder();

  /**
   * @param limit how many conversations are kept; 0 is unlimited, and then nothing is counted
   */
  Eviction(int limit) {
    this.limit = limit;
  }

  long evicted() {
    return evicted.sum();
  }

  /** To be called while nobody else can update or delete the conversation. */
  void updated(MemoryConversation conversation) {
    if (limit > 0) {
      synchronized (byLastUpdate) {
        byLastUpdate.remove(conversation);
        byLastUpdate.add(conversation);
      }
    }
  }

  /** To be called when the conversation can no longer be updated. */
  void deleted(MemoryConversation conversation) {
    if (limit > 0) {
      synchronized (byLastUpdate) {
        byLastUpdate.remove(conversation);
      }
    }
  }

  /**
   * Gives up conversations until the rest is within the limit; to be called without any lock.
   *
   * @param delete deletes a conversation, and says whether it was still there
   */
  void makeRoom(Predicate<MemoryConversation> delete) {
    if (limit == 0) {
      return;
    }
    for (Optional<MemoryConversation> surplus = takeSurplus();
        surplus.isPresent();
        surplus = takeSurplus()) {
      if (delete.test(surplus.get())) {
        evicted.increment();
      }
    }
  }

  private Optional<MemoryConversation> takeSurplus() {
    synchronized (byLastUpdate) {
      if (byLastUpdate.size() <= limit) {
        return Optional.empty();
      }
      Iterator<MemoryConversation> oldestFirst = byLastUpdate.iterator();
      MemoryConversation oldest = oldestFirst.next();
      oldestFirst.remove();
      return Optional.of(oldest);
    }
  }
}
