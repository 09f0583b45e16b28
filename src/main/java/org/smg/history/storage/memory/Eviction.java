package org.smg.history.storage.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Keeps the number of conversations in bounds: the least recently updated ones go first. */
final class Eviction {

  private final int limit;
  private final AtomicLong updates = new AtomicLong();
  private final ConcurrentNavigableMap<Long, MemoryConversation> byLastUpdate =
      new ConcurrentSkipListMap<>();
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
      byLastUpdate.remove(conversation.lastUpdate());
      conversation.lastUpdate(updates.incrementAndGet());
      byLastUpdate.put(conversation.lastUpdate(), conversation);
    }
  }

  /** To be called when the conversation can no longer be updated. */
  void deleted(MemoryConversation conversation) {
    if (limit > 0) {
      byLastUpdate.remove(conversation.lastUpdate());
    }
  }

  /**
   * Gives up conversations until the rest is within the limit; to be called without any lock.
   *
   * @param delete deletes a conversation, and says whether it was still there
   */
  void makeRoom(Predicate<MemoryConversation> delete) {
    while (limit > 0 && byLastUpdate.size() > limit) {
      Map.Entry<Long, MemoryConversation> oldest = byLastUpdate.pollFirstEntry();
      if (oldest != null && delete.test(oldest.getValue())) {
        evicted.increment();
      }
    }
  }
}
