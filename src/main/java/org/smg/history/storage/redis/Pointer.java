package org.smg.history.storage.redis;

import java.util.concurrent.ThreadLocalRandom;
import org.smg.history.model.Scope;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;

/**
 * Leads from a response's id to the slot in which it is recorded: that of its conversation, or its
 * own. It is written before the response and means nothing until the response is there.
 *
 * @param token random; a response can be recorded with it until it is voided (ADR 97)
 * @param deadline when the response expires: milliseconds since 1970, or -1 for never
 * @param hash the key of the response's hash
 */
record Pointer(String token, String deadline, String hash) {

  /** Longer than any request lives; {@code common.lua} has it, too. */
  private static final long OLD_MILLIS = 3_600_000;

  static Pointer to(ResponseKeys response, String deadline) {
    return new Pointer(
        "%016x".formatted(ThreadLocalRandom.current().nextLong()), deadline, response.hash());
  }

  static Pointer parse(String value) {
    String[] words = value.split(" ");
    Layout.check(words[0]);
    return new Pointer(words[1], words[2], words[3]);
  }

  String value() {
    return String.join(" ", Layout.VERSION, token, deadline, hash);
  }

  /** Removes this pointer, and no other one, from a key. */
  ScriptCall remove(String key) {
    return ScriptCall.of(Script.POINTER_SET, key).with(value(), "", "");
  }

  /**
   * Makes sure that nothing can be stored through this pointer from now on, unless a response is
   * there.
   *
   * @param horizon of responses
   * @param fingerprint of the turn that is expected there, or empty
   */
  ScriptCall exclude(Scope scope, long horizon, String fingerprint) {
    return ScriptCall.of(Script.RESPONSE_EXCLUDE, hash, ResponseKeys.of(hash).voided())
        .scope(scope, horizon)
        .with(fingerprint, token, deadline);
  }

  /**
   * Whether a turn that would set another pointer may be recorded through this one: it leads to the
   * same place, and is so young, and of the same retention, that it is of another request for the
   * same response.
   */
  boolean serves(Pointer other) {
    return hash.equals(other.hash)
        && Math.abs(Long.parseLong(other.deadline) - Long.parseLong(deadline)) < OLD_MILLIS;
  }
}
