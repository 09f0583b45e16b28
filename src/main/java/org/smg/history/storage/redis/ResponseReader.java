package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Reads responses. A pointer leads to each of them; a pointer to a response that is not there means
 * nothing, and what is due is not found. On one server a script follows pointers; on a Cluster they
 * are read before.
 */
final class ResponseReader {

  private static final byte[] NO_JSON = {};

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;

  ResponseReader(ScriptRunner scripts, RedisKeys keys, RetentionRule retention) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
  }

  /** Microseconds since 1970: what was recorded before is not there. */
  long horizon() {
    return retention.horizon().responses();
  }

  Optional<Pointer> pointer(Key response) {
    return parse(scripts.run(readPointer(response)));
  }

  private ScriptCall readPointer(Key response) {
    return ScriptCall.command("GET", keys.pointer(response));
  }

  private static Optional<Pointer> parse(Object pointer) {
    return Optional.ofNullable(ScriptReply.text(pointer)).map(Pointer::parse);
  }

  Optional<StoredResponse> find(Scope scope, String id) {
    return chain(scope, id, 1).stream().findFirst();
  }

  /** A response without its JSON, whoever made it. */
  Optional<StoredResponse> describe(Key response) {
    return describe(response.tenant(), List.of(response.id())).get(0);
  }

  /** Responses without their JSON, in the same order; on one server in two round trips. */
  List<Optional<StoredResponse>> describe(String tenant, List<String> ids) {
    return readEach(tenant, ids, "description");
  }

  List<Optional<StoredResponse>> read(String tenant, List<String> ids) {
    return readEach(tenant, ids, "description", "json");
  }

  private List<Optional<StoredResponse>> readEach(
      String tenant, List<String> ids, String... fields) {
    List<ScriptCall> calls =
        hashes(tenant, ids).stream()
            .map(hash -> ScriptCall.command("HMGET", hash, fields))
            .toList();
    return scripts.runEach(calls).stream()
        .map(ScriptReply::of)
        .map(
            read ->
                read.has(0)
                    ? Optional.of(
                            RecordEncoding.response(
                                tenant, read.text(0), read.has(1) ? read.bytes(1) : NO_JSON))
                        .filter(retention::includes)
                    : Optional.<StoredResponse>empty())
        .toList();
  }

  /** The keys of responses' hashes; one that never exists where there is no pointer. */
  List<String> hashes(String tenant, List<String> ids) {
    return scripts
        .runEach(ids.stream().map(id -> readPointer(new Key(tenant, id))).toList())
        .stream()
        .map(pointer -> parse(pointer).map(Pointer::hash).orElse(keys.probe()))
        .toList();
  }

  /** A response and those before it that are in scope, newest first. */
  List<StoredResponse> chain(Scope scope, String id, int limit) {
    return scripts.oneServer() ? readChain(scope, id, limit) : followChain(scope, id, limit);
  }

  private List<StoredResponse> readChain(Scope scope, String id, int limit) {
    ScriptReply read =
        scripts.reply(
            ScriptCall.of(Script.CHAIN_READ, keys.pointer(scope.key(id)))
                .scope(scope, horizon())
                .with(Integer.toString(limit)));
    List<StoredResponse> chain = new ArrayList<>();
    for (int i = 0; i < read.values().size(); i += 2) {
      chain.add(RecordEncoding.response(scope.tenant(), read.text(i), read.bytes(i + 1)));
    }
    return chain;
  }

  /** On a Cluster each member may be in another slot and takes two round trips. */
  private List<StoredResponse> followChain(Scope scope, String id, int limit) {
    List<StoredResponse> chain = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Optional<StoredResponse> next = readInScope(scope, id);
    while (next.isPresent() && chain.size() < limit) {
      StoredResponse member = next.get();
      chain.add(member);
      if (chain.size() == limit || !seen.add(member.key().id())) {
        break;
      }
      next =
          Optional.ofNullable(member.previousResponseId())
              .flatMap(previous -> readInScope(scope, previous));
    }
    return chain;
  }

  private Optional<StoredResponse> readInScope(Scope scope, String id) {
    return read(scope.tenant(), List.of(id)).get(0).filter(read -> scope.includes(read.owner()));
  }
}
