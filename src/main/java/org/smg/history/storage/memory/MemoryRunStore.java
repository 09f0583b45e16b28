package org.smg.history.storage.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.memory.ItemIndex.Held;

/** Runs end with this process, which is the only one that sees them. */
final class MemoryRunStore implements RunStore {

  private final Function<String, TenantHistory> tenants;
  private final Eviction eviction;
  private final ByteMeter meter;
  private final MemoryResponseStore responses;
  private final DueHistory due;

  MemoryRunStore(Function<String, TenantHistory> tenants, Eviction eviction, ByteMeter meter) {
    this.tenants = tenants;
    this.eviction = eviction;
    this.meter = meter;
    this.responses = new MemoryResponseStore(tenants, eviction, meter);
    this.due = new DueHistory(new MemoryConversationStore(tenants, eviction, meter), responses);
  }

  @Override
  public Prompt begin(Scope scope, Run run, long mostBytes, Optional<IdempotencyRecord> once) {
    TenantHistory tenant = tenant(scope);
    if (DueHistory.concerns(run.input())) {
      due.removeAll(tenant);
    }
    Optional<MemoryResponse> known = tenant.responses().find(run.prompt().key().id());
    Prompt prompt =
        known.isPresent()
            ? begunBefore(scope, tenant, run, known.get())
            : tenant.idempotency().once(once, () -> begin(scope, tenant, run, mostBytes));
    eviction.makeRoom();
    return prompt;
  }

  private Prompt begunBefore(Scope scope, TenantHistory tenant, Run run, MemoryResponse known) {
    if (!known.isMadeBy(run.token())) {
      throw new HistoryFailure.ResponseAlreadyRecorded(run.prompt().key().id());
    }
    return inConversation(
        scope,
        tenant,
        run.prompt().conversationId(),
        conversation -> new Prompt(context(conversation), items(known.input())));
  }

  private Prompt begin(Scope scope, TenantHistory tenant, Run run, long mostBytes) {
    return inConversation(
        scope,
        tenant,
        run.prompt().conversationId(),
        conversation -> {
          String id = run.prompt().key().id();
          if (conversation != null) {
            conversation.claim(id, ItemIds.of(run.input()));
          }
          try {
            return begin(scope, tenant, run, mostBytes, conversation);
          } catch (RuntimeException refused) {
            if (conversation != null) {
              conversation.unclaim(id);
            }
            throw refused;
          }
        });
  }

  private Prompt begin(
      Scope scope, TenantHistory tenant, Run run, long mostBytes, MemoryConversation conversation) {
    List<Held> input = hold(scope, tenant, run.prompt().owner(), run.input(), conversation);
    Prompt prompt = new Prompt(context(conversation), items(input));
    StoredResponse shown = run.prompt();
    try {
      prompt.checkLength(mostBytes);
      MemoryResponse made =
          MemoryResponse.inProgress(
              shown, input, responses.candidate(tenant, shown.key()), run.token());
      MemoryResponse there = tenant.responses().findOrAdd(MemoryResponse.place(shown), () -> made);
      if (there != made) {
        throw new HistoryFailure.ResponseAlreadyRecorded(shown.key().id());
      }
    } catch (HistoryFailure refused) {
      input.forEach(tenant.items()::release);
      throw refused;
    }
    tenant.heap().add(HeapUse.of(shown));
    meter.measure(scope, () -> shown.json().length() + TextBytes.of(input));
    return prompt;
  }

  private static List<Held> hold(
      Scope scope,
      TenantHistory tenant,
      String owner,
      List<ItemInput> input,
      MemoryConversation conversation) {
    ItemIds.checkDistinct(input);
    if (conversation != null) {
      ItemIds.of(input).forEach(conversation::refusePresent);
    }
    return ItemResolution.hold(scope, owner, input, tenant.items());
  }

  @Override
  public Prompt read(Scope scope, String conversationId, List<ItemInput> input, long mostBytes) {
    TenantHistory tenant = tenant(scope);
    if (DueHistory.concerns(input)) {
      due.removeAll(tenant);
    }
    return inConversation(
        scope,
        tenant,
        conversationId,
        conversation -> {
          List<Held> held = hold(scope, tenant, null, input, conversation);
          try {
            Prompt prompt = new Prompt(context(conversation), items(held));
            prompt.checkLength(mostBytes);
            return prompt;
          } finally {
            held.forEach(tenant.items()::release);
          }
        });
  }

  /**
   * @param step gets null where there is no conversation
   */
  private <T> T inConversation(
      Scope scope,
      TenantHistory tenant,
      String conversationId,
      Function<MemoryConversation, T> step) {
    if (conversationId == null) {
      return step.apply(null);
    }
    MemoryConversation conversation = tenant.conversation(scope, conversationId);
    eviction.used(conversation.candidate());
    return conversation.exclusively(() -> step.apply(conversation));
  }

  private static List<Item> context(MemoryConversation conversation) {
    return conversation == null ? List.of() : conversation.items();
  }

  private static List<Item> items(List<Held> held) {
    return held.stream().map(Held::item).toList();
  }

  @Override
  public StoredResponse finish(Scope scope, String token, Turn turn, Instant at) {
    TenantHistory tenant = tenant(scope);
    Key key = turn.response().key();
    MemoryResponse run =
        tenant.responses().find(key.id()).orElseThrow(() -> new HistoryFailure.RunEnded(key.id()));
    Optional<MemoryConversation> conversation =
        Optional.ofNullable(turn.response().conversationId())
            .flatMap(id -> tenant.conversations().find(id));
    StoredResponse finished =
        withConversation(
            conversation,
            own -> finish(run, key, () -> finish(scope, tenant, run, token, turn, at, own)));
    eviction.makeRoom();
    return finished;
  }

  /** A conversation that is deleted meanwhile gets nothing. */
  private static StoredResponse withConversation(
      Optional<MemoryConversation> conversation,
      Function<MemoryConversation, StoredResponse> step) {
    if (conversation.isPresent()) {
      try {
        return conversation.get().exclusively(() -> step.apply(conversation.get()));
      } catch (HistoryFailure.NotFound deleted) {
        // As if there had been none.
      }
    }
    return step.apply(null);
  }

  private static StoredResponse finish(MemoryResponse run, Key key, Supplier<StoredResponse> step) {
    try {
      return run.exclusively(step);
    } catch (HistoryFailure.NotFound deleted) {
      throw new HistoryFailure.RunEnded(key.id());
    }
  }

  private StoredResponse finish(
      Scope scope,
      TenantHistory tenant,
      MemoryResponse run,
      String token,
      Turn turn,
      Instant at,
      MemoryConversation conversation) {
    StoredResponse before = run.description();
    StoredResponse after = turn.response();
    if (!run.isMadeBy(token)) {
      if (before.isFinished() && before.fingerprint().equals(after.fingerprint())) {
        return before;
      }
      throw new HistoryFailure.RunEnded(after.key().id());
    }
    List<ItemInput> all = new ArrayList<>(turn.input());
    all.addAll(turn.output());
    ItemIds.checkDistinct(all);
    boolean appends = turn.appends() && conversation != null;
    if (appends) {
      all.forEach(conversation::refuseOtherContent);
    }
    ItemIndex index = tenant.items();
    List<Held> output = turn.output().stream().map(item -> index.add(after.owner(), item)).toList();
    if (conversation != null) {
      conversation.unclaim(after.key().id());
    }
    List<Held> appended =
        appends
            ? conversation.appendNew(
                Stream.concat(run.input().stream(), output.stream()), index, at)
            : List.of();
    if (appends) {
      eviction.used(conversation.candidate());
    }
    run.finish(after, output);
    meter.measure(
        scope, () -> after.json().length() - before.json().length() + TextBytes.of(appended));
    tenant.heap().add(HeapUse.of(after) - HeapUse.of(before));
    eviction.added(run.candidate());
    tenant.queue(run);
    return after;
  }

  @Override
  public Page<PastTurn> chain(Scope scope, String responseId, int limit) {
    Page<StoredResponse> chain = responses.chain(scope, responseId, limit);
    LinkedList<PastTurn> turns = new LinkedList<>();
    for (StoredResponse member : chain.data()) {
      turns.add(
          new PastTurn(member, items(tenant(scope).response(scope, member.key().id()).input())));
    }
    return new Page<>(turns, chain.hasMore());
  }

  /** A lease of this process lasts as long as what it has stored. */
  @Override
  public void lease(String server, Duration duration) {}

  @Override
  public void release(String server) {}

  @Override
  public List<Abandoned> abandoned(int limit) {
    return List.of();
  }

  private TenantHistory tenant(Scope scope) {
    return tenants.apply(scope.tenant());
  }
}
