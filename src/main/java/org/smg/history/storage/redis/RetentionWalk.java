package org.smg.history.storage.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.smg.history.model.Key;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.layout.WalkState;
import org.smg.history.storage.redis.script.KeyScan;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Redis removes what expires by itself. After the retention was changed, keys that exist have the
 * expiry of before: then this walks over all of them, once for all tenants, gives them their new
 * one, and removes what is due already (ADR 120).
 *
 * <p>A walk has two passes, each in a purge of its own: while the first one runs, servers that are
 * about to be replaced may still write with the retention of before.
 */
final class RetentionWalk implements RetentionStore {

  /** The walk looks at the tenants as their keys come; in the place of a tenant's name. */
  private static final String ALL_TENANTS = "";

  /** When the clocks of Redis and of the service drift apart by more, expiries are wrong. */
  private static final Duration CLOCK_DRIFT = Duration.ofHours(1);

  /** How many entries of an index are looked at for the oldest one. */
  private static final int OLDEST = 100;

  private static final List<String> COUNTS =
      List.of("conversations ", "items ", "responses ", "feedback ");

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final KeyScan scan;
  private final KeyVisitor visitor;
  private final IndexExpiry indexes;
  private final ResponseReader responses;

  /** Whether this server has said which retention it wants. */
  private boolean announced;

  /** Whether there was anything to do since the last purge was kept. */
  private boolean worked;

  RetentionWalk(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ConversationWriter writer,
      ResponseExpiry responses) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.scan = new KeyScan(scripts, keys.prefix());
    this.visitor =
        new KeyVisitor(
            scripts,
            keys,
            retention,
            new ConversationExpiry(scripts, writer, retention),
            responses);
    this.indexes = new IndexExpiry(scripts, keys, retention);
    this.responses = new ResponseReader(scripts, keys, retention.withHorizon(Horizon.NONE));
  }

  @Override
  public synchronized boolean lease(String holder, Duration duration) {
    // Also by a server that has to wait: so the one that was started last decides.
    announce();
    return (Long)
            scripts.run(
                ScriptCall.of(Script.LEASE, keys.walkLease())
                    .with(holder)
                    .with(duration.toMillis()))
        == 1;
  }

  @Override
  public void release(String holder) {
    scripts.run(ScriptCall.of(Script.LEASE, keys.walkLease()).with(holder).with(0));
  }

  @Override
  public Optional<String> tenantAfter(String tenant) {
    return tenant == null ? Optional.of(ALL_TENANTS) : Optional.empty();
  }

  /** Begins a walk, if the last one was for another retention. */
  private void announce() {
    if (announced) {
      return;
    }
    String read = read().text(0);
    if (read.isEmpty() || !WalkState.decode(read).target().equals(retention.name())) {
      save(read, WalkState.begin(retention.name()), true, Map.of());
    }
    announced = true;
  }

  private ScriptReply read() {
    return scripts.reply(ScriptCall.of(Script.WALK_READ, keys.walk()));
  }

  /** Unless another server has gone on meanwhile. */
  private void save(
      String before, WalkState state, boolean countAnew, Map<String, Counts> removed) {
    ScriptCall call =
        ScriptCall.of(Script.WALK_SAVE, keys.walk())
            .with(before, state.encode(), countAnew ? "1" : "0");
    removed.forEach(
        (tenant, counts) -> {
          Iterator<Long> numbers = numbers(counts).iterator();
          COUNTS.forEach(name -> call.with(name + tenant).with(numbers.next()));
        });
    scripts.run(call);
  }

  private static List<Long> numbers(Counts counts) {
    return List.of(counts.conversations(), counts.items(), counts.responses(), counts.feedback());
  }

  /** One step of the walk, which is for all tenants, whichever is named. */
  @Override
  public synchronized Step purge(String tenant, Instant now) {
    announce();
    ScriptReply stored = read();
    String before = stored.text(0);
    WalkState state = before.isEmpty() ? null : WalkState.decode(before);
    if (state == null || !state.target().equals(retention.name())) {
      // A server with other options was started later.
      return Step.NOTHING_DUE;
    }
    long clockAhead = now.toEpochMilli() - Long.parseLong(stored.text(1));
    boolean drifted =
        state.clockAhead() != null
            && Math.abs(clockAhead - state.clockAhead()) > CLOCK_DRIFT.toMillis();
    if (drifted) {
      state = WalkState.begin(retention.name());
    }
    if (state.isDone()) {
      return Step.NOTHING_DUE;
    }
    worked = true;
    if (state.clockAhead() == null) {
      state = state.withClockAhead(clockAhead);
    }
    Map<String, Counts> removed = new HashMap<>();
    WalkState after = step(state, removed);
    save(before, after, drifted, removed);
    return new Step(
        removed.values().stream().reduce(Counts.NONE, Counts::plus), after.pass() == state.pass());
  }

  private WalkState step(WalkState state, Map<String, Counts> removed) {
    SortedMap<Integer, String> servers = scan.servers();
    if (state.isAtBeginning()) {
      return state.onServer(servers.toString(), servers.firstKey());
    }
    if (!state.servers().equals(servers.toString())) {
      // Keys may have moved to where the walk has been already.
      return state.scanAnew();
    }
    if (!state.indexes().isEmpty()) {
      String index = state.indexes().get(0);
      return keys.parse(index)
          .map(parsed -> state.behind(indexes.trim(parsed.tenant(), index, state.member())))
          .orElseThrow();
    }
    if (state.cursor().equals("0")) {
      SortedMap<Integer, String> left = servers.tailMap(state.slot() + 1);
      return left.isEmpty() ? state.nextPass() : state.onServer(state.servers(), left.firstKey());
    }
    Optional<KeyScan.Step> found = scan.next(state.scan(), state.slot(), state.cursor());
    if (found.isEmpty()) {
      return state.scanAnew();
    }
    KeyVisitor.Visit visit = visitor.visit(found.get().keys());
    removed.putAll(visit.removed());
    return state.at(found.get().cursor(), visit.indexes());
  }

  @Override
  public synchronized void purged(String tenant, Run run) {
    if (worked) {
      worked = false;
      scripts.run(ScriptCall.command("HSET", keys.walk(), "at", RecordEncoding.time(run.at())));
    }
  }

  @Override
  public State state(String tenant) {
    return new State(oldestConversation(tenant), oldestResponse(tenant), lastRun(tenant));
  }

  private Run lastRun(String tenant) {
    ScriptReply stored =
        scripts.reply(
            ScriptCall.command("HMGET", keys.walk(), "at")
                .with(COUNTS.stream().map(name -> name + tenant).toArray(String[]::new)));
    if (!stored.has(0)) {
      return null;
    }
    List<Long> counts = new ArrayList<>();
    for (int i = 1; i <= COUNTS.size(); i++) {
      counts.add(stored.has(i) ? Long.parseLong(stored.text(i)) : 0);
    }
    return new Run(
        Instant.EPOCH.plus(Long.parseLong(stored.text(0)), ChronoUnit.MICROS),
        new Counts(counts.get(0), counts.get(1), counts.get(2), counts.get(3)));
  }

  private Instant oldestConversation(String tenant) {
    return scripts
        .runEach(
            oldest(keys.conversations(tenant)).stream()
                .map(id -> keys.conversation(new Key(tenant, id)).hash())
                .map(hash -> ScriptCall.command("HGET", hash, "updated_at"))
                .toList())
        .stream()
        .map(ScriptReply::text)
        .filter(time -> time != null)
        .map(time -> Instant.EPOCH.plus(Long.parseLong(time), ChronoUnit.MICROS))
        .min(Instant::compareTo)
        .orElse(null);
  }

  private Instant oldestResponse(String tenant) {
    return responses.describe(tenant, oldest(keys.responses(tenant))).stream()
        .flatMap(Optional::stream)
        .map(response -> response.recordedAt())
        .min(Instant::compareTo)
        .orElse(null);
  }

  /** The ids of what was created first. */
  private List<String> oldest(String index) {
    ScriptCall first =
        ScriptCall.command(
            "ZRANGEBYLEX",
            index,
            "[" + IndexEntry.ALL + " ",
            "(" + IndexEntry.ALL + "!",
            "LIMIT",
            "0",
            Integer.toString(OLDEST));
    return scripts.reply(first).texts().stream()
        .map(member -> IndexEntry.parse(member).id())
        .distinct()
        .toList();
  }
}
