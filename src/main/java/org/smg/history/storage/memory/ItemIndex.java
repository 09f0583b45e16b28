package org.smg.history.storage.memory;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.smg.history.model.Item;

/**
 * Finds the stored content behind an item id of the tenant, wherever it is stored, for as long as a
 * conversation or response uses it.
 */
final class ItemIndex {

  /**
   * Stored content and how many conversations and responses use it. An id can stand for several
   * contents, since what a model answers is stored as it is even under an id that was used before:
   * they are linked, and the one at the head is found. Count and link change inside the index
   * alone.
   */
  static final class Held {

    private final Item item;
    private int uses = 1;
    private Held next;

    private Held(Item item) {
      this.item = item;
    }

    Item item() {
      return item;
    }
  }

  private final ConcurrentMap<String, Held> first = new ConcurrentHashMap<>();

  /** Uses the content that is stored under the id, if there is any. */
  Optional<Held> hold(String id) {
    return Optional.ofNullable(
        first.computeIfPresent(
            id,
            (key, held) -> {
              held.uses++;
              return held;
            }));
  }

  /** Uses the content that is stored under the item's id, or else stores the item's own. */
  Held holdOrAdd(Item item) {
    return first.compute(
        item.id(),
        (id, held) -> {
          if (held == null) {
            return new Held(item);
          }
          held.uses++;
          return held;
        });
  }

  /** Stores the item's own content, whatever else is stored under its id. */
  Held add(Item item) {
    Held added = new Held(item);
    first.merge(
        item.id(),
        added,
        (held, own) -> {
          own.next = held.next;
          held.next = own;
          return held;
        });
    return added;
  }

  /** Uses content once more that is held already. */
  Held again(Held held) {
    first.computeIfPresent(
        held.item.id(),
        (id, head) -> {
          held.uses++;
          return head;
        });
    return held;
  }

  /** Gives up one use; content that nothing uses is forgotten. */
  void release(Held held) {
    first.computeIfPresent(
        held.item.id(), (id, head) -> --held.uses > 0 ? head : without(held, head));
  }

  private static Held without(Held gone, Held head) {
    if (head == gone) {
      return head.next;
    }
    Held before = head;
    while (before.next != gone) {
      before = before.next;
    }
    before.next = gone.next;
    return head;
  }
}
