package org.smg.history.storage.memory;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.storage.RetentionStore.Counts;

/** Removes what is due in a tenant, the oldest first. To be called without any lock. */
record DueHistory(MemoryConversationStore conversations, MemoryResponseStore responses) {

  /** Whether any of these stands for stored content, so that what is due has to go before. */
  static boolean concerns(List<ItemInput> items) {
    return items.stream().anyMatch(item -> !(item instanceof Item));
  }

  /** Removes all of it, so that no reference finds an item that is kept by nothing else. */
  void removeAll(TenantHistory tenant) {
    removeResponses(tenant, Integer.MAX_VALUE);
    removeConversations(tenant, Integer.MAX_VALUE);
  }

  /**
   * @param most how many conversations, and how many responses, at most
   */
  Counts remove(TenantHistory tenant, int most) {
    return removeResponses(tenant, most).plus(removeConversations(tenant, most));
  }

  private Counts removeResponses(TenantHistory tenant, int most) {
    long removed = 0;
    long feedback = 0;
    while (removed < most) {
      Optional<MemoryResponse> due =
          tenant.responsesByTime().firstBefore(tenant.horizon().responses());
      OptionalInt of =
          due.map(response -> responses.removeDue(tenant, response)).orElse(OptionalInt.empty());
      if (of.isEmpty()) {
        break;
      }
      removed++;
      feedback += of.getAsInt();
    }
    return new Counts(0, 0, removed, feedback);
  }

  private Counts removeConversations(TenantHistory tenant, int most) {
    long removed = 0;
    long items = 0;
    while (removed < most) {
      Optional<MemoryConversation> due =
          tenant.conversationsByTime().firstBefore(tenant.horizon().conversations());
      OptionalInt of =
          due.map(conversation -> conversations.removeDue(tenant, conversation))
              .orElse(OptionalInt.empty());
      if (of.isEmpty()) {
        break;
      }
      removed++;
      items += of.getAsInt();
    }
    return new Counts(removed, items, 0, 0);
  }
}
