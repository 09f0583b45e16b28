package org.smg.history.storage.redis;

import java.util.Collections;
import java.util.List;
import org.smg.history.model.Key;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

/**
 * Tells whether a response counts. On a Cluster a response and its conversation lie in different
 * slots. The response is stored first, as pending; then the script that appends the turn's items
 * leaves a marker beside them, and from then on the turn is recorded, in both places at once: a
 * reader that finds a pending response asks for the marker, and finishes what was interrupted.
 */
final class PendingTurns {

  private final Redis redis;
  private final RedisKeys keys;

  PendingTurns(Redis redis, RedisKeys keys) {
    this.redis = redis;
    this.keys = keys;
  }

  /** Fields of a response; the first is null unless it is recorded. */
  Reply read(Key response, String... fields) {
    return settle(response, Reply.of(redis.run(call(response, fields))), fields);
  }

  /** The same for several, in one round trip where they lie on one node. */
  List<Reply> readEach(List<Key> responses, String... fields) {
    List<Object> read = redis.runEach(responses.stream().map(key -> call(key, fields)).toList());
    Reply[] settled = new Reply[read.size()];
    for (int i = 0; i < settled.length; i++) {
      settled[i] = settle(responses.get(i), Reply.of(read.get(i)), fields);
    }
    return List.of(settled);
  }

  private Call call(Key response, String... fields) {
    return Call.of(Script.FIELDS, keys.response(response).description())
        .with("f", "k")
        .with(fields);
  }

  private Reply settle(Key response, Reply fields, String... names) {
    if (!fields.has(1)) {
      return rest(fields);
    }
    if (isCommitted(fields.text(1))) {
      finish(response, fields.text(0), fields.text(1));
      return rest(fields);
    }
    // It may have been finished, and its marker removed, between the two questions.
    Reply again = Reply.of(redis.run(call(response, names)));
    return again.has(1) ? Reply.of(Collections.nCopies(names.length, null)) : rest(again);
  }

  private static Reply rest(Reply fields) {
    return fields.rest().rest();
  }

  boolean isRecorded(Key response) {
    return read(response, "d").has(0);
  }

  boolean isCommitted(String marker) {
    return redis.run(Call.of(Script.VALUE, marker)) != null;
  }

  void finish(Key response, String fingerprint, String marker) {
    redis.run(Call.of(Script.FINISH, keys.response(response).description()).with(fingerprint));
    redis.run(Call.of(Script.DROP, marker));
  }

  void abandon(Key response, String fingerprint) {
    ResponseKeys names = keys.response(response);
    redis.run(
        Call.of(Script.ABANDON, names.description(), names.input(), names.output())
            .with(fingerprint));
  }
}
