package org.smg.history.storage.memory;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.smg.history.model.Conversation;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.memory.DueQueue.Ticket;
import org.smg.history.storage.memory.Eviction.Candidate;
import org.smg.history.storage.memory.ItemIndex.Held;

/** One conversation and its items; everything happens under its lock. */
final class MemoryConversation {

  private record Entry(long position, Held held) {}

  /** Who answers the conversation, and the ids that are taken meanwhile. */
  private record Claim(String responseId, Set<String> itemIds) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Entry> byItemId = new HashMap<>();
  private final HeapUse heap;
  private final Candidate candidate;
  private volatile Conversation description;
  private long nextPosition = 1;
  private boolean deleted;
  private Claim claim;
  private volatile Ticket<MemoryConversation> ticket;

  MemoryConversation(Conversation description, HeapUse heap, Candidate candidate) {
    this.description = description;
    this.heap = heap;
    this.candidate = candidate;
    heap.add(HeapUse.of(description));
  }

  Candidate candidate() {
    return candidate;
  }

  /** Its place among all that may become due, or null where nothing does. */
  Ticket<MemoryConversation> ticket() {
    return ticket;
  }

  void queuedAs(Ticket<MemoryConversation> place) {
    ticket = place;
  }

  Conversation description() {
    return description;
  }

  String owner() {
    return description.owner();
  }

  boolean isIn(Scope scope) {
    return scope.includes(owner());
  }

  /**
   * Runs a step while nobody else reads or changes the conversation.
   *
   * @throws HistoryFailure.NotFound if it was deleted meanwhile
   */
  synchronized <T> T exclusively(Supplier<T> step) {
    if (deleted) {
      throw HistoryFailure.NotFound.conversation(description.key().id());
    }
    return step.get();
  }

  /**
   * Keeps the conversation for one run.
   *
   * @throws HistoryFailure.ConversationLocked if it is another one's
   */
  void claim(String responseId, List<String> itemIds) {
    if (claim != null) {
      throw new HistoryFailure.ConversationLocked(description.key().id());
    }
    claim = new Claim(responseId, Set.copyOf(itemIds));
  }

  /** Gives it free, if it is kept for this run. */
  synchronized void unclaim(String responseId) {
    if (claim != null && claim.responseId().equals(responseId)) {
      claim = null;
    }
  }

  /** All of its items, in order. */
  List<Item> items() {
    return entries.stream().map(entry -> entry.held().item()).toList();
  }

  boolean has(String itemId) {
    return byItemId.containsKey(itemId);
  }

  /** Refuses an id that is here, or taken by a run. */
  void refuseKnown(String itemId) {
    refusePresent(itemId);
    refuseTaken(itemId);
  }

  void refusePresent(String itemId) {
    if (has(itemId)) {
      throw new HistoryFailure.ItemAlreadyInConversation(itemId);
    }
  }

  private void refuseTaken(String itemId) {
    if (claim != null && claim.itemIds().contains(itemId)) {
      throw new HistoryFailure.ItemAlreadyInConversation(itemId);
    }
  }

  /** Refuses an item of a turn whose id a run has taken, or is here with another content. */
  void refuseOther(ItemInput input) {
    refuseTaken(input.id());
    refuseOtherContent(input);
  }

  /** Refuses an item of a turn whose id is here already with another content. */
  void refuseOtherContent(ItemInput input) {
    if (input instanceof Item sent && !item(sent.id()).map(sent::equals).orElse(true)) {
      throw new HistoryFailure.ItemAlreadyInConversation(sent.id());
    }
  }

  /**
   * Appends those of a turn's items that are not here yet.
   *
   * @param turn held by its response
   * @return what was appended, with a hold of the conversation's own
   */
  List<Held> appendNew(Stream<Held> turn, ItemIndex index, Instant at) {
    List<Held> appended =
        turn.filter(held -> !has(held.item().id()))
            .map(held -> index.again(owner(), held))
            .toList();
    append(appended, at);
    return appended;
  }

  /** Appends what the caller holds; the conversation takes the holds over. */
  void append(List<Held> batch, Instant at) {
    for (Held held : batch) {
      Entry entry = new Entry(nextPosition++, held);
      entries.add(entry);
      byItemId.put(held.item().id(), entry);
    }
    heap.add((long) HeapUse.PLACE * batch.size());
    description = description.updated(at);
  }

  Conversation replaceMetadata(Metadata metadata, Instant at) {
    Conversation replaced = description.withMetadata(metadata, at);
    heap.add(HeapUse.of(replaced) - HeapUse.of(description));
    description = replaced;
    return description;
  }

  Optional<Item> item(String id) {
    return Optional.ofNullable(byItemId.get(id)).map(entry -> entry.held().item());
  }

  Page<Item> items(PageRequest page) {
    int step = page.order() == Order.ASC ? 1 : -1;
    int index = firstIndex(page, step);
    List<Item> fetched = new ArrayList<>(Math.min(page.limit() + 1, entries.size()));
    while (index >= 0 && index < entries.size() && fetched.size() <= page.limit()) {
      fetched.add(entries.get(index).held().item());
      index += step;
    }
    return Page.ofFetched(fetched, page.limit());
  }

  private int firstIndex(PageRequest page, int step) {
    if (page.after() == null) {
      return step > 0 ? 0 : entries.size() - 1;
    }
    Entry cursor = byItemId.get(page.after());
    if (cursor == null) {
      throw HistoryFailure.NotFound.cursor("item", page.after());
    }
    return indexOf(cursor) + step;
  }

  /** Takes an item out; the hold goes back to the caller. */
  Optional<Held> remove(String itemId, Instant at) {
    Entry removed = byItemId.remove(itemId);
    if (removed == null) {
      return Optional.empty();
    }
    entries.remove(indexOf(removed));
    heap.subtract(HeapUse.PLACE);
    description = description.updated(at);
    return Optional.of(removed.held());
  }

  /** Positions ascend, and gaps come only from removals: the index is at most position - 1. */
  private int indexOf(Entry entry) {
    int low = 0;
    int high = (int) Math.min(entries.size(), entry.position()) - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).position() < entry.position()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** When items or metadata last changed, in microseconds since 1970. */
  long updatedAt() {
    return updatedAt(description);
  }

  private static long updatedAt(Conversation conversation) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, conversation.updatedAt());
  }

  /**
   * Ends the conversation if it is due and has no run.
   *
   * @param before in microseconds since 1970
   * @return whether this call ended it
   */
  synchronized boolean endIfDue(long before) {
    return claim == null && end(as -> updatedAt(as) < before);
  }

  /**
   * Ends the conversation if it is to end as it is now: from then on, nothing changes it.
   *
   * @return whether this call ended it
   */
  synchronized boolean end(Predicate<Conversation> filter) {
    if (deleted || !filter.test(description)) {
      return false;
    }
    deleted = true;
    return true;
  }

  /** Empties a conversation that has ended; the holds go back to the caller. */
  synchronized List<Held> giveUp() {
    List<Held> held = entries.stream().map(Entry::held).toList();
    heap.subtract(HeapUse.of(description) + (long) HeapUse.PLACE * held.size());
    entries.clear();
    byItemId.clear();
    return held;
  }
}
