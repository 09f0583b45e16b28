package org.smg.history.storage.memory;

import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;

/** All that one tenant has stored. */
record TenantHistory(
    Catalogue<MemoryConversation> conversations,
    Catalogue<MemoryResponse> responses,
    Catalogue<Feedback> feedback,
    ItemIndex items) {

  TenantHistory(String name) {
    this(
        new Catalogue<>("conversation"),
        new Catalogue<>("response"),
        new Catalogue<>("feedback"),
        new ItemIndex());
  }

  MemoryConversation conversation(String id) {
    return conversations.find(id).orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
  }

  MemoryResponse response(String id) {
    return responses.find(id).orElseThrow(() -> HistoryFailure.NotFound.response(id));
  }
}
