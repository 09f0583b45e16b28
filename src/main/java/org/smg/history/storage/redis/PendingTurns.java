package org.smg.history.storage.redis;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Key;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

/**
 * Tells whether a response is recorded. On a Cluster a response and its conversation are in
 * different slots, so no script can write both. The response is written first, as pending. Then the
 * script that appends the turn's items to the conversation also writes a marker in its slot: with
 * that the turn is recorded, the response and the items at the same time. A reader that finds a
 * pending response looks for the marker. If it is there, the reader confirms the response, which
 * the writer may not have lived to do.
 */
final class PendingTurns {

  private static final byte[] NO_JSON = {};

  private final ScriptRunner scripts;
  private final RedisKeys keys;

  PendingTurns(ScriptRunner scripts, RedisKeys keys) {
    this.scripts = scripts;
    this.keys = keys;
  }

  /** Fields of a response; all are null unless it is recorded. */
  ScriptReply read(Key response, String... fields) {
    return recorded(response, scripts.reply(call(response, fields)), fields);
  }

  /** The same for several responses; on one server in one round trip. */
  List<ScriptReply> readEach(List<Key> responses, String... fields) {
    List<Object> read = scripts.runEach(responses.stream().map(key -> call(key, fields)).toList());
    ScriptReply[] recorded = new ScriptReply[read.size()];
    for (int i = 0; i < recorded.length; i++) {
      recorded[i] = recorded(responses.get(i), ScriptReply.of(read.get(i)), fields);
    }
    return List.of(recorded);
  }

  private ScriptCall call(Key response, String... fields) {
    return ScriptCall.of(Script.HASH_READ, keys.response(response).hash())
        .with("fingerprint", "marker")
        .with(fields);
  }

  private ScriptReply recorded(Key response, ScriptReply read, String... fields) {
    if (!read.has(1)) {
      return requested(read);
    }
    if (isCommitted(read.text(1))) {
      confirm(response, read.text(0), read.text(1));
      return requested(read);
    }
    // Another request may have confirmed it, and removed the marker, between the two reads.
    ScriptReply again = scripts.reply(call(response, fields));
    return again.has(1)
        ? ScriptReply.of(Collections.nCopies(fields.length, null))
        : requested(again);
  }

  private static ScriptReply requested(ScriptReply read) {
    return read.rest().rest();
  }

  /** A recorded response without its JSON. */
  Optional<StoredResponse> describe(Key response) {
    return describe(response.tenant(), read(response, "description"));
  }

  static Optional<StoredResponse> describe(String tenant, ScriptReply fields) {
    return fields.has(0)
        ? Optional.of(RecordEncoding.response(tenant, fields.bytes(0), NO_JSON))
        : Optional.empty();
  }

  boolean isRecorded(Key response) {
    return read(response, "description").has(0);
  }

  boolean isCommitted(String marker) {
    return scripts.run(ScriptCall.of(Script.VALUE_READ, marker)) != null;
  }

  /**
   * Makes a pending response a recorded one, and removes the marker that is not needed any more.
   */
  void confirm(Key response, String fingerprint, String marker) {
    scripts.run(
        ScriptCall.of(Script.RESPONSE_CONFIRM, keys.response(response).hash()).with(fingerprint));
    scripts.run(ScriptCall.of(Script.KEY_DELETE, marker));
  }

  /** Deletes a pending response whose turn was refused. */
  void discard(Key response, String fingerprint) {
    ResponseKeys names = keys.response(response);
    scripts.run(
        ScriptCall.of(Script.RESPONSE_DISCARD, names.hash(), names.input(), names.output())
            .with(fingerprint));
  }
}
