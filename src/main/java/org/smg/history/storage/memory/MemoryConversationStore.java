package org.smg.history.storage.memory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.Removed;
import org.smg.history.storage.memory.ItemIndex.Held;

final class MemoryConversationStore implements ConversationStore {

  private final Function<String, TenantHistory> tenants;
  private final Eviction eviction;
  private final ByteMeter meter;

  MemoryConversationStore(
      Function<String, TenantHistory> tenants, Eviction eviction, ByteMeter meter) {
    this.tenants = tenants;
    this.eviction = eviction;
    this.meter = meter;
  }

  @Override
  public void create(
      Scope scope,
      Conversation conversation,
      List<ItemInput> items,
      Optional<IdempotencyRecord> once) {
    TenantHistory tenant = tenant(scope);
    removeDueBehind(items, tenant);
    tenant.idempotency().once(once, () -> create(tenant, scope, conversation, items));
    eviction.makeRoom();
  }

  private MemoryConversation create(
      TenantHistory tenant, Scope scope, Conversation conversation, List<ItemInput> items) {
    ItemIds.checkDistinct(items);
    List<Held> held = ItemResolution.hold(scope, conversation.owner(), items, tenant.items());
    Key key = conversation.key();
    MemoryConversation created =
        new MemoryConversation(
            conversation,
            tenant.heap(),
            eviction.candidate(
                () ->
                    remove(
                            tenant,
                            Scope.ofTenant(key.tenant()),
                            found -> found.end(any -> true),
                            key.id())
                        .isPresent()));
    created.append(held, conversation.updatedAt());
    tenant.conversations().find(key.id()).ifPresent(there -> removeDue(tenant, there));
    return tenant
        .conversations()
        .findOrAdd(
            place(conversation),
            () -> {
              eviction.added(created.candidate());
              tenant.queue(created);
              meter.measure(
                  scope, () -> TextBytes.of(conversation.metadata()) + TextBytes.of(held));
              return created;
            });
  }

  private static OrderedIndex.Place place(Conversation conversation) {
    return new OrderedIndex.Place(
        conversation.createdAt(), conversation.createdAt(), conversation.key().id());
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    Optional<MemoryConversation> found = tenant(scope).findConversation(scope, id);
    found.ifPresent(conversation -> eviction.used(conversation.candidate()));
    return found.map(MemoryConversation::description);
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at, Optional<IdempotencyRecord> once) {
    TenantHistory tenant = tenant(scope);
    Optional<MemoryConversation> found = tenant.findConversation(scope, id);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    MemoryConversation existing = found.get();
    try {
      Conversation replaced =
          tenant
              .idempotency()
              .once(
                  once,
                  () ->
                      existing.exclusively(
                          () -> {
                            Metadata before = existing.description().metadata();
                            meter.measure(
                                scope, () -> TextBytes.of(metadata) - TextBytes.of(before));
                            return existing.replaceMetadata(metadata, at);
                          }));
      eviction.used(existing.candidate());
      return Optional.of(replaced);
    } catch (HistoryFailure.NotFound deletedMeanwhile) {
      return Optional.empty();
    }
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return delete(scope, any -> true, id);
  }

  @Override
  public Removed delete(Scope scope, ConversationFilter filter, int limit) {
    Page<Conversation> oldest = list(scope, filter, new PageRequest(limit, Order.ASC, null));
    int count = 0;
    for (Conversation conversation : oldest.data()) {
      if (delete(scope, filter::includes, conversation.key().id())) {
        count++;
      }
    }
    return new Removed(count, oldest.hasMore());
  }

  private boolean delete(Scope scope, Predicate<Conversation> filter, String id) {
    TenantHistory tenant = tenant(scope);
    return remove(tenant, scope, found -> tenant.isVisible(scope, found) && found.end(filter), id)
        .isPresent();
  }

  /**
   * Removes a conversation if it is due. A writer that comes first renews it; one that comes later
   * does not find it.
   *
   * @return how many items it had, or empty if it stays
   */
  OptionalInt removeDue(TenantHistory tenant, MemoryConversation due) {
    Key key = due.description().key();
    long before = tenant.horizon().conversations();
    return remove(
        tenant,
        Scope.ofTenant(key.tenant()),
        found -> found == due && found.endIfDue(before),
        key.id());
  }

  /**
   * @return how many items it had, or empty if it stays
   */
  private OptionalInt remove(
      TenantHistory tenant, Scope scope, Predicate<MemoryConversation> ended, String id) {
    Optional<MemoryConversation> removed = tenant.conversations().remove(ended, id);
    if (removed.isEmpty()) {
      return OptionalInt.empty();
    }
    MemoryConversation found = removed.get();
    List<Held> held = found.giveUp();
    held.forEach(tenant.items()::release);
    eviction.removed(found.candidate());
    tenant.conversationsByTime().remove(found.ticket());
    meter.measure(scope, () -> -TextBytes.of(held) - TextBytes.of(found.description().metadata()));
    return OptionalInt.of(held.size());
  }

  @Override
  public List<Item> append(
      Scope scope, String id, List<ItemInput> items, Instant at, Optional<IdempotencyRecord> once) {
    TenantHistory tenant = tenant(scope);
    removeDueBehind(items, tenant);
    MemoryConversation found = tenant.conversation(scope, id);
    List<Item> appended =
        tenant
            .idempotency()
            .once(once, () -> found.exclusively(() -> append(tenant, scope, found, items, at)));
    eviction.used(found.candidate());
    eviction.makeRoom();
    return appended;
  }

  private List<Item> append(
      TenantHistory tenant,
      Scope scope,
      MemoryConversation found,
      List<ItemInput> items,
      Instant at) {
    ItemIds.checkDistinct(items);
    ItemIds.of(items).forEach(found::refuseKnown);
    List<Held> held = ItemResolution.hold(scope, found.owner(), items, tenant.items());
    found.append(held, at);
    meter.measure(scope, () -> TextBytes.of(held));
    return held.stream().map(Held::item).toList();
  }

  @Override
  public Optional<Item> item(Scope scope, String id, String itemId) {
    MemoryConversation found = tenant(scope).conversation(scope, id);
    eviction.used(found.candidate());
    return found.exclusively(() -> found.item(itemId));
  }

  @Override
  public Page<Item> items(Scope scope, String id, PageRequest page) {
    MemoryConversation found = tenant(scope).conversation(scope, id);
    eviction.used(found.candidate());
    return found.exclusively(() -> found.items(page));
  }

  @Override
  public Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page) {
    TenantHistory tenant = tenant(scope);
    Page<MemoryConversation> found =
        tenant
            .conversations()
            .list(
                conversation -> tenant.isVisible(scope, conversation),
                conversation -> filter.includes(conversation.description()),
                page);
    return new Page<>(
        found.data().stream().map(MemoryConversation::description).toList(), found.hasMore());
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    TenantHistory tenant = tenant(scope);
    MemoryConversation found = tenant.conversation(scope, id);
    return found.exclusively(
        () -> {
          Optional<Held> removed = found.remove(itemId, at);
          removed.ifPresent(
              held -> {
                tenant.items().release(held);
                meter.measure(scope, () -> -TextBytes.of(held.item()));
                eviction.used(found.candidate());
              });
          return removed.map(held -> found.description());
        });
  }

  /** What stands for stored content must not find that of conversations which are due. */
  private void removeDueBehind(List<ItemInput> items, TenantHistory tenant) {
    if (DueHistory.concerns(items)) {
      new DueHistory(this, new MemoryResponseStore(tenants, eviction, meter)).removeAll(tenant);
    }
  }

  private TenantHistory tenant(Scope scope) {
    return tenants.apply(scope.tenant());
  }
}
