package org.smg.history.storage.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.RunStore.Abandoned;
import org.smg.history.storage.redis.layout.NamePart;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * The leases of servers, and what leads to their runs. On a Cluster both are in one slot: a run is
 * noted there before it begins, and dropped after it has ended. What is noted means nothing until
 * the run is there (ADR 126).
 */
final class RunLeases {

  private final ScriptRunner scripts;
  private final RedisKeys keys;

  RunLeases(ScriptRunner scripts, RedisKeys keys) {
    this.scripts = scripts;
    this.keys = keys;
  }

  /**
   * What is noted of a run.
   *
   * @param server its name in keys
   */
  private record Noted(String server, Key response, Pointer pointer) {

    private static Noted of(String server, String run, String pointer) {
      String[] parts = run.split(":");
      return new Noted(
          server,
          new Key(NamePart.decoded(parts[0]), NamePart.decoded(parts[1])),
          Pointer.parse(pointer));
    }
  }

  /** A server's name in keys. */
  static String nameOf(String server) {
    return NamePart.encoded(server);
  }

  /** Under which name a server notes a run. */
  static String noteOf(Key response) {
    return NamePart.encoded(response.tenant()) + ":" + NamePart.encoded(response.id());
  }

  void lease(String server, Duration duration) {
    set(server, duration.toMillis());
  }

  void release(String server) {
    set(server, 0);
  }

  private void set(String server, long millis) {
    String name = nameOf(server);
    scripts.run(
        ScriptCall.of(Script.SERVER_LEASE, keys.servers(), keys.runs(name))
            .with(name)
            .with(millis));
  }

  /**
   * Notes a run of a server that is about to begin it, or has.
   *
   * @param server its name in keys
   */
  void note(String server, Key response, Pointer pointer) {
    scripts.run(
        ScriptCall.of(Script.RUN_NOTE, keys.servers(), keys.runs(server))
            .with(server, noteOf(response), pointer.value(), pointer.deadline()));
  }

  /**
   * Drops what is noted of a run that cannot begin through this pointer.
   *
   * @param server its name in keys
   */
  void withdraw(String server, Key response, Pointer pointer) {
    drop(new Noted(server, response, pointer));
  }

  /**
   * Drops what is noted of a run that has ended.
   *
   * @param server its name in keys
   */
  void drop(String server, Key response) {
    scripts.run(ScriptCall.command("HDEL", keys.runs(server), noteOf(response)));
  }

  /** As {@link org.smg.history.storage.RunStore#abandoned}. */
  List<Abandoned> abandoned(int limit) {
    Map<Key, Abandoned> found = new LinkedHashMap<>();
    boolean dropped;
    do {
      dropped = false;
      List<Noted> noted = noted(limit);
      List<Object> stored =
          scripts.runEach(
              noted.stream()
                  .map(run -> run.pointer().hash())
                  .map(
                      hash -> ScriptCall.command("HMGET", hash, "run_token", "description", "json"))
                  .toList());
      for (int i = 0; i < noted.size(); i++) {
        ScriptReply fields = ScriptReply.of(stored.get(i));
        Key response = noted.get(i).response();
        if (fields.has(0)) {
          found.put(
              response,
              new Abandoned(
                  RecordEncoding.response(response.tenant(), fields.text(1), fields.bytes(2)),
                  fields.text(0)));
        } else {
          dropped |= dropEnded(noted.get(i), fields.has(1));
        }
      }
    } while (dropped && found.size() < limit);
    return found.values().stream().limit(limit).toList();
  }

  private List<Noted> noted(int limit) {
    List<String> words =
        scripts.reply(ScriptCall.of(Script.RUNS_ABANDONED, keys.servers()).with(limit)).texts();
    List<Noted> noted = new ArrayList<>();
    for (int i = 0; i < words.size(); i += 3) {
      noted.add(Noted.of(words.get(i), words.get(i + 1), words.get(i + 2)));
    }
    return noted;
  }

  /** A server that was held up since it noted a run must not begin it: nobody would find it. */
  private boolean dropEnded(Noted run, boolean isFinished) {
    Scope scope = Scope.ofTenant(run.response().tenant());
    return (isFinished || scripts.reply(run.pointer().exclude(scope, Long.MIN_VALUE, "")).is("ok"))
        && drop(run);
  }

  /** Unless it is noted anew. */
  private boolean drop(Noted run) {
    return (Long)
            scripts.run(
                ScriptCall.of(Script.RUN_DROP, keys.runs(run.server()))
                    .with(noteOf(run.response()), run.pointer().value()))
        == 1;
  }
}
