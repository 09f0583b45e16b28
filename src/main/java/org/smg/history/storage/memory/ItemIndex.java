package org.smg.history.storage.memory;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.smg.history.model.Item;
import org.smg.history.model.Scope;

/**
 * Finds the stored content behind an item id of the tenant, wherever it is stored, for as long as a
 * conversation or response uses it.
 */
final class ItemIndex {

  /**
   * Stored content of one owner, and how many conversations and responses of that owner use it. An
   * id can stand for several contents: each owner has its own, and what a model answers is stored
   * as it is even under an id that was used before. They are linked, the oldest one at the head.
   * Count and link change inside the index alone.
   */
  static final class Held {

    private final String owner;
    private final Item item;
    private int uses = 1;
    private Held next;

    private Held(String owner, Item item) {
      this.owner = owner;
      this.item = item;
    }

    Item item() {
      return item;
    }
  }

  private final ConcurrentMap<String, Held> first = new ConcurrentHashMap<>();
  private final HeapUse heap;

  ItemIndex(HeapUse heap) {
    this.heap = heap;
  }

  /**
   * Uses content that is stored under the id and in scope, if there is any.
   *
   * @param owner of the conversation or response that is going to use it
   */
  Optional<Held> hold(Scope scope, String owner, String id) {
    Held[] used = new Held[1];
    first.computeIfPresent(
        id,
        (key, head) -> {
          Held found = find(scope, head);
          used[0] = found == null ? null : use(found, owner, head);
          return head;
        });
    return Optional.ofNullable(used[0]);
  }

  /** Uses the content that is stored under the item's id, or else stores the item's own. */
  Held holdOrAdd(Scope scope, String owner, Item item) {
    Held[] used = new Held[1];
    first.compute(
        item.id(),
        (id, head) -> {
          Held found = find(scope, head);
          if (found != null) {
            used[0] = use(found, owner, head);
            return head;
          }
          used[0] = new Held(owner, item);
          return appended(used[0], head);
        });
    return used[0];
  }

  /** Stores the item's own content, whatever else is stored under its id. */
  Held add(String owner, Item item) {
    Held added = new Held(owner, item);
    first.compute(item.id(), (id, head) -> appended(added, head));
    return added;
  }

  /** Uses content once more that is held already, for a conversation of the given owner. */
  Held again(String owner, Held held) {
    Held[] used = new Held[1];
    first.computeIfPresent(
        held.item.id(),
        (id, head) -> {
          used[0] = use(held, owner, head);
          return head;
        });
    return used[0];
  }

  /** Gives up one use; content that nothing uses is forgotten. */
  void release(Held held) {
    first.computeIfPresent(
        held.item.id(), (id, head) -> --held.uses > 0 ? head : without(held, head));
  }

  private static Held find(Scope scope, Held head) {
    Held found = head;
    while (found != null && !scope.includes(found.owner)) {
      found = found.next;
    }
    return found;
  }

  /** Counts a use of the content, under the owner's own entry where it belongs to another one. */
  private Held use(Held held, String owner, Held head) {
    if (Objects.equals(held.owner, owner)) {
      held.uses++;
      return held;
    }
    Held copy = new Held(owner, held.item);
    appended(copy, head);
    return copy;
  }

  private Held appended(Held added, Held head) {
    heap.add(HeapUse.of(added.item));
    if (head == null) {
      return added;
    }
    // Behind the head, not at the end: an id such as msg_0 can stand for very many contents.
    added.next = head.next;
    head.next = added;
    return head;
  }

  private Held without(Held gone, Held head) {
    heap.subtract(HeapUse.of(gone.item));
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
