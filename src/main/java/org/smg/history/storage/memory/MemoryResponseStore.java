package org.smg.history.storage.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.smg.history.model.Feedback;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.memory.Eviction.Candidate;
import org.smg.history.storage.memory.ItemIndex.Held;

final class MemoryResponseStore implements ResponseStore {

  private final Function<String, TenantHistory> tenants;
  private final Eviction eviction;
  private final ByteMeter meter;

  MemoryResponseStore(Function<String, TenantHistory> tenants, Eviction eviction, ByteMeter meter) {
    this.tenants = tenants;
    this.eviction = eviction;
    this.meter = meter;
  }

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    StoredResponse response = turn.response();
    TenantHistory tenant = tenant(scope);
    if (DueHistory.concerns(turn.input())) {
      new DueHistory(new MemoryConversationStore(tenants, eviction, meter), this).removeAll(tenant);
    }
    Optional<MemoryResponse> recorded = tenant.responses().find(response.key().id());
    if (recorded.filter(tenant::isDue).isPresent()) {
      removeDue(tenant, recorded.get());
    } else if (recorded.isPresent()) {
      return sameOrRefused(scope, recorded.get(), response);
    }
    StoredResponse stored = recordNew(scope, turn, tenant);
    eviction.makeRoom();
    return stored;
  }

  private StoredResponse recordNew(Scope scope, Turn turn, TenantHistory tenant) {
    String conversationId = turn.response().conversationId();
    if (conversationId == null) {
      return record(scope, turn, tenant, null);
    }
    MemoryConversation conversation = tenant.conversation(scope, conversationId);
    return conversation.exclusively(() -> record(scope, turn, tenant, conversation));
  }

  /**
   * Runs under the conversation's lock, if there is one, so that readers see all of it or nothing.
   */
  private StoredResponse record(
      Scope scope, Turn turn, TenantHistory tenant, MemoryConversation conversation) {
    StoredResponse response = turn.response();
    MemoryResponse recorded =
        tenant
            .responses()
            .findOrAdd(
                MemoryResponse.place(response), () -> make(scope, turn, tenant, conversation));
    return sameOrRefused(scope, recorded, response);
  }

  private static StoredResponse sameOrRefused(
      Scope scope, MemoryResponse recorded, StoredResponse response) {
    StoredResponse there = recorded.description();
    boolean own = there == response;
    if (!own && !(recorded.isIn(scope) && there.fingerprint().equals(response.fingerprint()))) {
      throw new HistoryFailure.ResponseAlreadyRecorded(response.key().id());
    }
    return there;
  }

  private MemoryResponse make(
      Scope scope, Turn turn, TenantHistory tenant, MemoryConversation conversation) {
    List<ItemInput> all = Stream.concat(turn.input().stream(), turn.output().stream()).toList();
    ItemIds.checkDistinct(all);
    if (turn.appends()) {
      all.forEach(conversation::refuseOther);
    }
    ItemIndex index = tenant.items();
    String owner = turn.response().owner();
    List<Held> input = ItemResolution.hold(scope, owner, turn.input(), index);
    List<Held> output = turn.output().stream().map(item -> index.add(owner, item)).toList();
    List<Held> appended =
        turn.appends()
            ? conversation.appendNew(
                Stream.concat(input.stream(), output.stream()), index, turn.response().recordedAt())
            : List.of();
    if (turn.appends()) {
      eviction.used(conversation.candidate());
    }
    meter.measure(
        scope,
        () -> turn.response().json().length() + TextBytes.of(input) + TextBytes.of(appended));
    tenant.heap().add(HeapUse.of(turn.response()));
    Candidate candidate = candidate(tenant, turn.response().key());
    eviction.added(candidate);
    MemoryResponse made = new MemoryResponse(turn.response(), input, output, candidate);
    tenant.queue(made);
    return made;
  }

  /** Gives a response up when it was longest unused; not in the queue yet. */
  Candidate candidate(TenantHistory tenant, Key key) {
    return eviction.candidate(
        () -> remove(tenant, Scope.ofTenant(key.tenant()), any -> true, key.id()).isPresent());
  }

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    Optional<MemoryResponse> found = tenant(scope).findResponse(scope, id);
    found.ifPresent(response -> eviction.used(response.candidate()));
    return found.map(MemoryResponse::description);
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    MemoryResponse response = tenant(scope).response(scope, id);
    eviction.used(response.candidate());
    List<Item> items = new ArrayList<>(response.input().stream().map(Held::item).toList());
    if (page.order() == Order.DESC) {
      Collections.reverse(items);
    }
    return Page.ofFetched(
        items.stream().skip(firstIndex(items, page)).limit(page.limit() + 1L).toList(),
        page.limit());
  }

  private static int firstIndex(List<Item> items, PageRequest page) {
    if (page.after() == null) {
      return 0;
    }
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).id().equals(page.after())) {
        return i + 1;
      }
    }
    throw HistoryFailure.NotFound.cursor("item", page.after());
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    TenantHistory tenant = tenant(scope);
    LinkedList<StoredResponse> chain = new LinkedList<>();
    Set<String> seen = new HashSet<>();
    Optional<MemoryResponse> next = Optional.of(tenant.response(scope, id));
    while (next.isPresent()) {
      StoredResponse member = next.get().description();
      if (!seen.add(member.key().id())) {
        throw new HistoryFailure.ChainCycle(id);
      }
      if (chain.size() == limit) {
        return new Page<>(chain, true);
      }
      chain.addFirst(member);
      next =
          Optional.ofNullable(member.previousResponseId())
              .flatMap(previous -> tenant.findResponse(scope, previous));
    }
    return new Page<>(chain, false);
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    TenantHistory tenant = tenant(scope);
    Page<MemoryResponse> found =
        tenant
            .responses()
            .list(
                response -> tenant.isVisible(scope, response),
                response -> filter.includes(response.description()),
                page);
    return new Page<>(
        found.data().stream().map(MemoryResponse::description).toList(), found.hasMore());
  }

  @Override
  public boolean delete(Scope scope, String id) {
    boolean deleted = delete(scope, StoredResponse::isFinished, id);
    if (!deleted && tenant(scope).findResponse(scope, id).isPresent()) {
      throw new HistoryFailure.ResponseInProgress();
    }
    return deleted;
  }

  @Override
  public Removed delete(Scope scope, ResponseFilter filter, int limit) {
    Page<StoredResponse> oldest = list(scope, filter, new PageRequest(limit, Order.ASC, null));
    int count = 0;
    for (StoredResponse response : oldest.data()) {
      if (delete(scope, filter::includes, response.key().id())) {
        count++;
      }
    }
    return new Removed(count, oldest.hasMore());
  }

  private boolean delete(Scope scope, Predicate<StoredResponse> filter, String id) {
    TenantHistory tenant = tenant(scope);
    return remove(
            tenant,
            scope,
            found -> tenant.isVisible(scope, found) && filter.test(found.description()),
            id)
        .isPresent();
  }

  /**
   * Removes a response that is due.
   *
   * @return how much feedback it had, or empty if somebody else has removed it
   */
  OptionalInt removeDue(TenantHistory tenant, MemoryResponse due) {
    Key key = due.description().key();
    return remove(tenant, Scope.ofTenant(key.tenant()), found -> found == due, key.id());
  }

  private OptionalInt remove(
      TenantHistory tenant, Scope scope, Predicate<MemoryResponse> wanted, String id) {
    Optional<MemoryResponse> removed = tenant.responses().remove(wanted, id);
    if (removed.isEmpty()) {
      return OptionalInt.empty();
    }
    MemoryResponse found = removed.get();
    List<Feedback> feedback =
        found.delete().stream().flatMap(of -> tenant.removeFeedback(of).stream()).toList();
    Stream.concat(found.input().stream(), found.output().stream()).forEach(tenant.items()::release);
    tenant.heap().subtract(HeapUse.of(found.description()));
    eviction.removed(found.candidate());
    if (!found.description().isFinished() && found.description().conversationId() != null) {
      tenant
          .conversations()
          .find(found.description().conversationId())
          .ifPresent(conversation -> conversation.unclaim(id));
    }
    tenant.responsesByTime().remove(found.ticket());
    meter.measure(
        scope,
        () ->
            -feedback.stream().mapToLong(TextBytes::of).sum()
                - found.description().json().length()
                - TextBytes.of(found.input()));
    return OptionalInt.of(feedback.size());
  }

  private TenantHistory tenant(Scope scope) {
    return tenants.apply(scope.tenant());
  }
}
