package org.smg.history.storage.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.memory.ItemIndex.Held;

final class MemoryResponseStore implements ResponseStore {

  private final Function<String, TenantHistory> tenants;
  private final Eviction eviction;

  MemoryResponseStore(Function<String, TenantHistory> tenants, Eviction eviction) {
    this.tenants = tenants;
    this.eviction = eviction;
  }

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    StoredResponse response = turn.response();
    TenantHistory tenant = tenants.apply(response.key().tenant());
    Optional<MemoryResponse> recorded = tenant.responses().find(response.key().id());
    if (recorded.isPresent()) {
      return sameOrRefused(recorded.get(), response);
    }
    if (response.conversationId() == null) {
      return record(turn, tenant, null);
    }
    MemoryConversation conversation = tenant.conversation(response.conversationId());
    return conversation.exclusively(() -> record(turn, tenant, conversation));
  }

  /**
   * Runs under the conversation's lock, if there is one, so that readers see all of it or nothing.
   */
  private StoredResponse record(Turn turn, TenantHistory tenant, MemoryConversation conversation) {
    StoredResponse response = turn.response();
    OrderedIndex.Place place =
        new OrderedIndex.Place(response.createdAt(), response.recordedAt(), response.key().id());
    return sameOrRefused(
        tenant.responses().findOrAdd(place, () -> make(turn, tenant, conversation)), response);
  }

  private static StoredResponse sameOrRefused(MemoryResponse recorded, StoredResponse response) {
    if (!recorded.description().fingerprint().equals(response.fingerprint())) {
      throw new HistoryFailure.ResponseAlreadyRecorded(response.key().id());
    }
    return recorded.description();
  }

  private MemoryResponse make(Turn turn, TenantHistory tenant, MemoryConversation conversation) {
    List<ItemInput> all = Stream.concat(turn.input().stream(), turn.output().stream()).toList();
    Batch.distinctIds(all);
    if (turn.appends()) {
      all.stream()
          .filter(item -> !(item instanceof ItemReference))
          .map(ItemInput::id)
          .forEach(conversation::refuseKnown);
    }
    List<Held> input = Batch.hold(turn.input(), tenant.items());
    List<Held> output = turn.output().stream().map(tenant.items()::add).toList();
    if (turn.appends()) {
      List<Held> appended =
          Stream.concat(input.stream(), output.stream())
              .filter(held -> !conversation.has(held.item().id()))
              .map(tenant.items()::again)
              .toList();
      conversation.append(appended, turn.response().recordedAt());
      eviction.updated(conversation);
    }
    return new MemoryResponse(turn.response(), input, output);
  }

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    Key response = scope.key(id);
    return tenants
        .apply(response.tenant())
        .responses()
        .find(response.id())
        .map(MemoryResponse::description);
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    Key response = scope.key(id);
    List<Item> items =
        new ArrayList<>(
            tenants.apply(response.tenant()).response(response.id()).input().stream()
                .map(Held::item)
                .toList());
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
    Key response = scope.key(id);
    TenantHistory tenant = tenants.apply(response.tenant());
    LinkedList<StoredResponse> chain = new LinkedList<>();
    Set<String> seen = new HashSet<>();
    Optional<MemoryResponse> next = Optional.of(tenant.response(response.id()));
    while (next.isPresent()) {
      StoredResponse member = next.get().description();
      if (!seen.add(member.key().id())) {
        throw new HistoryFailure.ChainCycle(response.id());
      }
      if (chain.size() == limit) {
        return new Page<>(chain, true);
      }
      chain.addFirst(member);
      next = Optional.ofNullable(member.previousResponseId()).flatMap(tenant.responses()::find);
    }
    return new Page<>(chain, false);
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    Page<MemoryResponse> found =
        tenants
            .apply(scope.tenant())
            .responses()
            .list(response -> filter.includes(response.description()), page);
    return new Page<>(
        found.data().stream().map(MemoryResponse::description).toList(), found.hasMore());
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key response = scope.key(id);
    TenantHistory tenant = tenants.apply(response.tenant());
    Optional<MemoryResponse> removed = tenant.responses().remove(response.id());
    removed.ifPresent(
        found -> {
          found.delete().forEach(tenant.feedback()::remove);
          Stream.concat(found.input().stream(), found.output().stream())
              .forEach(tenant.items()::release);
        });
    return removed.isPresent();
  }
}
