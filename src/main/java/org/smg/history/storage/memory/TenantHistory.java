package org.smg.history.storage.memory;

import java.util.Optional;
import java.util.function.Predicate;
import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Scope;

/** All that one tenant has stored. */
record TenantHistory(
    OrderedIndex<MemoryConversation> conversations,
    OrderedIndex<MemoryResponse> responses,
    OrderedIndex<Feedback> feedback,
    ItemIndex items,
    MemoryIdempotency idempotency,
    HeapUse heap) {

  TenantHistory(HeapUse heap, Eviction eviction) {
    this(
        new OrderedIndex<>("conversation"),
        new OrderedIndex<>("response"),
        new OrderedIndex<>("feedback"),
        new ItemIndex(heap),
        new MemoryIdempotency(heap, eviction),
        heap);
  }

  Optional<MemoryConversation> findConversation(Scope scope, String id) {
    return conversations.find(id).filter(found -> found.isIn(scope));
  }

  /**
   * @throws HistoryFailure.NotFound if there is no such conversation in scope
   */
  MemoryConversation conversation(Scope scope, String id) {
    return findConversation(scope, id).orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
  }

  /** Removes feedback, whoever gave it. */
  Optional<Feedback> removeFeedback(String id) {
    return removeFeedback(any -> true, id);
  }

  Optional<Feedback> removeFeedback(Predicate<Feedback> inScope, String id) {
    Optional<Feedback> removed = feedback.remove(inScope, id);
    removed.ifPresent(found -> heap.subtract(HeapUse.of(found)));
    return removed;
  }

  Optional<MemoryResponse> findResponse(Scope scope, String id) {
    return responses.find(id).filter(found -> found.isIn(scope));
  }

  /**
   * @throws HistoryFailure.NotFound if there is no such response in scope
   */
  MemoryResponse response(Scope scope, String id) {
    return findResponse(scope, id).orElseThrow(() -> HistoryFailure.NotFound.response(id));
  }
}
