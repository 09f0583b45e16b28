package org.smg.history.storage.memory;

import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;

/** All that one tenant has stored. */
record TenantHistory(
    OrderedIndex<MemoryConversation> conversations,
    OrderedIndex<MemoryResponse> responses,
    OrderedIndex<Feedback> feedback,
    ItemIndex items) {

  TenantHistory(String name) {
    this(
        new OrderedIndex<>("conversation"),
        new OrderedIndex<>("response"),
        new OrderedIndex<>("feedback"),
        new ItemIndex());
  }

  MemoryConversation conversation(String id) {
    return conversations.find(id).orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
  }

  MemoryResponse response(String id) {
    return responses.find(id).orElseThrow(() -> HistoryFailure.NotFound.response(id));
  }
}
