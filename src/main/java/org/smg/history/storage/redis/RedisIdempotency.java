package org.smg.history.storage.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * The records of idempotency keys. A record is in the slot of what was written, so that the write's
 * script stores it. A pointer with the key's own name leads to it: it is written first, and means
 * nothing until the record is there.
 */
final class RedisIdempotency implements IdempotencyStore {

  /** In place of a record: nothing can be written under this key there. */
  private static final String VOIDED = "voided";

  /** Longer than any request lives; {@code common.lua} has it, too. */
  private static final Duration LONGEST_REQUEST = Duration.ofHours(1);

  private final ScriptRunner scripts;
  private final RedisKeys keys;

  RedisIdempotency(ScriptRunner scripts, RedisKeys keys) {
    this.scripts = scripts;
    this.keys = keys;
  }

  /** A record as the scripts store it, or an empty text. */
  static String value(Optional<IdempotencyRecord> once) {
    return once.map(RecordEncoding::idempotency).orElse("");
  }

  /**
   * Lets the idempotency key lead to where its record is going to be. A repeat of the same request
   * is led to the same place.
   *
   * @param hash of the conversation or response that is written to
   * @return the key of the record; without an idempotency key, one that no script uses
   * @throws HistoryFailure.IdempotencyKeyUsed if something was written under the key elsewhere
   */
  String announce(String tenant, String hash, Optional<IdempotencyRecord> once) {
    String beside = hash + ":idempotency:";
    if (once.isEmpty()) {
      return beside;
    }
    String pointer = keys.idempotency(tenant, once.get().keyHash());
    String ours = beside + UUID.randomUUID();
    String there = target(set(pointer, "", ours));
    if (there.equals(ours)) {
      return ours;
    }
    if (there.startsWith(beside) && !VOIDED.equals(read(there))) {
      // Again, so that the pointer does not expire before the record.
      return target(set(pointer, value(there), there));
    }
    // The request that set it may still be on its way: it must find that it is too late.
    scripts.run(
        ScriptCall.command(
            "SET", there, VOIDED, "NX", "PX", Long.toString(LONGEST_REQUEST.toMillis())));
    if (record(there).isPresent() || !target(set(pointer, value(there), ours)).equals(ours)) {
      throw new HistoryFailure.IdempotencyKeyUsed();
    }
    return ours;
  }

  /** Sets the pointer where there is none, or the expected one; answers what is there now. */
  private String set(String pointer, String expected, String target) {
    long until =
        System.currentTimeMillis() + IdempotencyRecord.LIFETIME.plus(LONGEST_REQUEST).toMillis();
    return ScriptReply.text(
        scripts.run(
            ScriptCall.of(Script.POINTER_SET, pointer)
                .with(expected, value(target), Long.toString(until))));
  }

  private static String value(String target) {
    return Layout.VERSION + " " + target;
  }

  private static String target(String pointer) {
    String[] words = pointer.split(" ");
    Layout.check(words[0]);
    return words[1];
  }

  private String read(String key) {
    return ScriptReply.text(scripts.run(ScriptCall.command("GET", key)));
  }

  private Optional<IdempotencyRecord> record(String key) {
    return Optional.ofNullable(read(key))
        .filter(value -> !value.equals(VOIDED))
        .map(RecordEncoding::idempotency);
  }

  @Override
  public Optional<IdempotencyRecord> find(String tenant, String keyHash, Instant since) {
    String pointer = read(keys.idempotency(tenant, keyHash));
    if (pointer == null) {
      return Optional.empty();
    }
    String key = target(pointer);
    Optional<IdempotencyRecord> found = record(key);
    if (found.isPresent() && found.get().recordedAt().isBefore(since)) {
      scripts.run(ScriptCall.command("DEL", key));
      return Optional.empty();
    }
    return found;
  }

  @Override
  public void forget(String tenant, IdempotencyRecord record) {
    String pointer = read(keys.idempotency(tenant, record.keyHash()));
    if (pointer != null) {
      scripts.run(
          ScriptCall.of(Script.POINTER_SET, target(pointer))
              .with(RecordEncoding.idempotency(record), "", ""));
    }
  }
}
