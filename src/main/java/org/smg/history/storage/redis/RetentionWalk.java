package org.smg.history.storage.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.smg.history.model.Key;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.layout.WalkState;
import org.smg.history.storage.redis.period.RetentionRule;
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

  /** In the place of a tenant's name: one walk is for all of them, as their keys come. */
  private static final String ALL_TENANTS = "";

  /** How many entries of an index are looked at for the oldest one. */
  private static final int OLDEST = 100;

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
    this.scan = new KeyScan(scripts, keys.scan());
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
    if (!announced) {
      begin(ALL_TENANTS);
      announced = true;
    }
  }

  private void begin(String tenant) {
    String before = read(tenant);
    if (before.isEmpty() || !WalkState.decode(before).target().equals(retention.name())) {
      save(tenant, before, WalkState.begin(retention.name()), true, Map.of());
    }
  }

  /** How far the walk is; empty where there was none. */
  private String read(String tenant) {
    String read = ScriptReply.text(scripts.run(ScriptCall.command("HGET", name(tenant), "state")));
    return read == null ? "" : read;
  }

  private String name(String tenant) {
    return tenant.equals(ALL_TENANTS) ? keys.walk() : keys.walk(tenant);
  }

  /** Unless another server has gone on meanwhile. */
  private void save(
      String tenant,
      String before,
      WalkState state,
      boolean countAnew,
      Map<String, Counts> removed) {
    ScriptCall call =
        ScriptCall.of(Script.WALK_SAVE, name(tenant))
            .with(before, state.encode(), countAnew ? "1" : "0");
    removed.forEach((name, counts) -> fields(name, counts).forEach(call::with));
    scripts.run(call);
  }

  private static Map<String, String> fields(String tenant, Counts counts) {
    return Map.of(
        "conversations " + tenant, Long.toString(counts.conversations()),
        "items " + tenant, Long.toString(counts.items()),
        "responses " + tenant, Long.toString(counts.responses()),
        "feedback " + tenant, Long.toString(counts.feedback()));
  }

  /** One step. */
  @Override
  public synchronized Step purge(String tenant, Instant now) {
    announce();
    if (!tenant.equals(ALL_TENANTS)) {
      begin(tenant);
    }
    String before = read(tenant);
    WalkState state = before.isEmpty() ? null : WalkState.decode(before);
    if (state == null || !state.target().equals(retention.name()) || state.isDone()) {
      // There is nothing to do, or a server with other options was started later.
      return Step.NOTHING_DUE;
    }
    worked = true;
    Map<String, Counts> removed = new HashMap<>();
    WalkState after = step(tenant, state, removed);
    save(tenant, before, after, false, removed);
    return new Step(
        removed.values().stream().reduce(Counts.NONE, Counts::plus), after.pass() == state.pass());
  }

  private WalkState step(String tenant, WalkState state, Map<String, Counts> removed) {
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
    String pattern = tenant.equals(ALL_TENANTS) ? keys.pattern() : keys.pattern(tenant);
    Optional<KeyScan.Step> found = scan.next(state.scan(), state.slot(), state.cursor(), pattern);
    if (found.isEmpty()) {
      return state.scanAnew();
    }
    KeyVisitor.Visit visit = visitor.visit(found.get().keys());
    removed.putAll(visit.removed());
    return state.at(found.get().cursor(), visit.indexes());
  }

  /** Nothing is kept of a purge that had nothing to do, because no walk was under way. */
  @Override
  public synchronized void purged(String tenant, Purged purge) {
    ScriptCall call =
        ScriptCall.command("HSET", name(tenant), "at", RecordEncoding.time(purge.at()));
    if (!tenant.equals(ALL_TENANTS)) {
      fields(tenant, purge.removed()).forEach(call::with);
    } else if (!worked) {
      return;
    }
    worked = false;
    scripts.run(call);
  }

  @Override
  public State state(String tenant) {
    Purged own = lastPurge(keys.walk(tenant), tenant);
    return new State(
        oldestConversation(tenant),
        oldestResponse(tenant),
        own == null ? lastPurge(keys.walk(), tenant) : own);
  }

  /** What was removed of a tenant by a walk, in all of its purges. */
  private Purged lastPurge(String walk, String tenant) {
    ScriptReply stored =
        scripts.reply(
            ScriptCall.command(
                "HMGET",
                walk,
                "at",
                "conversations " + tenant,
                "items " + tenant,
                "responses " + tenant,
                "feedback " + tenant));
    if (!stored.has(0)) {
      return null;
    }
    return new Purged(
        Instant.EPOCH.plus(Long.parseLong(stored.text(0)), ChronoUnit.MICROS),
        new Counts(number(stored, 1), number(stored, 2), number(stored, 3), number(stored, 4)));
  }

  private static long number(ScriptReply stored, int index) {
    return stored.has(index) ? Long.parseLong(stored.text(index)) : 0;
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
