package org.smg.history.storage.memory;

import java.util.Optional;
import java.util.function.Predicate;
import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Scope;
import org.smg.history.storage.Horizon;

/** All that one tenant has stored. */
record TenantHistory(
    OrderedIndex<MemoryConversation> conversations,
    OrderedIndex<MemoryResponse> responses,
    OrderedIndex<Feedback> feedback,
    ItemIndex items,
    MemoryIdempotency idempotency,
    HeapUse heap,
    Horizon horizon,
    DueQueue<MemoryConversation> conversationsByTime,
    DueQueue<MemoryResponse> responsesByTime) {

  TenantHistory(HeapUse heap, Eviction eviction, Horizon horizon) {
    this(
        new OrderedIndex<>("conversation"),
        new OrderedIndex<>("response"),
        new OrderedIndex<>("feedback"),
        new ItemIndex(heap),
        new MemoryIdempotency(heap, eviction),
        heap,
        horizon,
        new DueQueue<>(MemoryConversation::updatedAt),
        new DueQueue<>(MemoryResponse::recordedAt));
  }

  /** Whether the scope includes it, and it is not due. */
  boolean isVisible(Scope scope, MemoryConversation conversation) {
    return conversation.isIn(scope) && conversation.updatedAt() >= horizon.conversations();
  }

  /** Whether the scope includes it, and it is not due. */
  boolean isVisible(Scope scope, MemoryResponse response) {
    return response.isIn(scope) && !isDue(response);
  }

  boolean isDue(MemoryResponse response) {
    return response.recordedAt() < horizon.responses();
  }

  /** To be called for each new one; without a retention nothing becomes due. */
  void queue(MemoryConversation added) {
    if (horizon.conversations() != Long.MIN_VALUE) {
      added.queuedAs(conversationsByTime.add(added));
    }
  }

  void queue(MemoryResponse added) {
    if (horizon.responses() != Long.MIN_VALUE) {
      added.queuedAs(responsesByTime.add(added));
    }
  }

  /** Whether the scope includes it, and its response is not due. */
  boolean isVisible(Scope scope, Feedback given) {
    return scope.includes(given.owner())
        && responses.find(given.responseId()).filter(about -> !isDue(about)).isPresent();
  }

  Optional<MemoryConversation> findConversation(Scope scope, String id) {
    return conversations.find(id).filter(found -> isVisible(scope, found));
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
    return responses.find(id).filter(found -> isVisible(scope, found));
  }

  /**
   * @throws HistoryFailure.NotFound if there is no such response in scope
   */
  MemoryResponse response(Scope scope, String id) {
    return findResponse(scope, id).orElseThrow(() -> HistoryFailure.NotFound.response(id));
  }
}
