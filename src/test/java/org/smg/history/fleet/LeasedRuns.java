package org.smg.history.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Page;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.RunStore;

/** Runs in memory, with leases of servers by a clock of the test, and with outages. */
final class LeasedRuns implements RunStore {

  private final RunStore store;
  private final LongSupplier nanoTime;
  private final Map<String, Run> open = new LinkedHashMap<>();
  private final Map<String, Long> leases = new HashMap<>();
  private final Map<String, RuntimeException> refused = new HashMap<>();
  private boolean broken;

  LeasedRuns(RunStore store, LongSupplier nanoTime) {
    this.store = store;
    this.nanoTime = nanoTime;
  }

  void breakDown() {
    broken = true;
  }

  void repair() {
    broken = false;
  }

  /** Lets the end of a run fail. */
  void refuse(String responseId, RuntimeException failure) {
    refused.put(responseId, failure);
  }

  boolean isLeased(String server) {
    Long end = leases.get(server);
    return end != null && end - nanoTime.getAsLong() > 0;
  }

  private void ask() {
    if (broken) {
      throw new HistoryFailure.Unavailable("away", null);
    }
  }

  @Override
  public Prompt begin(Scope scope, Run run, long mostBytes, Optional<IdempotencyRecord> once) {
    ask();
    open.put(run.prompt().key().id(), run);
    return store.begin(scope, run, mostBytes, once);
  }

  @Override
  public Prompt read(Scope scope, String conversationId, List<ItemInput> input, long mostBytes) {
    ask();
    return store.read(scope, conversationId, input, mostBytes);
  }

  @Override
  public StoredResponse finish(Scope scope, String token, Turn turn, Instant at) {
    ask();
    String id = turn.response().key().id();
    if (refused.containsKey(id)) {
      throw refused.get(id);
    }
    open.remove(id);
    return store.finish(scope, token, turn, at);
  }

  @Override
  public Page<PastTurn> chain(Scope scope, String responseId, int limit) {
    ask();
    return store.chain(scope, responseId, limit);
  }

  @Override
  public void lease(String server, Duration duration) {
    ask();
    leases.put(server, nanoTime.getAsLong() + duration.toNanos());
  }

  @Override
  public void release(String server) {
    ask();
    leases.remove(server);
  }

  @Override
  public List<Abandoned> abandoned(int limit) {
    ask();
    List<Abandoned> found = new ArrayList<>();
    open.values().stream()
        .filter(run -> !isLeased(run.server()))
        .limit(limit)
        .forEach(run -> found.add(new Abandoned(run.prompt(), run.token())));
    return found;
  }
}
