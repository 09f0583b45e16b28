package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/** Gives keys of all kinds the expiry that they have by the retention now. */
final class KeyVisitor {

  private static final String OF_RESPONSE = ":response:";

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ConversationExpiry conversations;
  private final ResponseExpiry responses;
  private final LocationExpiry locations;

  KeyVisitor(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ConversationExpiry conversations,
      ResponseExpiry responses) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.conversations = conversations;
    this.responses = responses;
    this.locations = new LocationExpiry(scripts, keys, retention);
  }

  /**
   * @param removed by tenant
   * @param indexes that are left to be looked at
   */
  record Visit(Map<String, Counts> removed, List<String> indexes) {

    private void add(String tenant, Counts counts) {
      removed.merge(tenant, counts, Counts::plus);
    }
  }

  /** Visits keys; those that share the expiry of another key are left to that one. */
  Visit visit(List<String> names) {
    Visit visit = new Visit(new HashMap<>(), new ArrayList<>());
    Map<String, List<String>> items = new HashMap<>();
    for (String name : names) {
      keys.parse(name)
          .ifPresent(
              parsed -> {
                switch (parsed.noun()) {
                  case "conversation", "response" -> retain(parsed, visit);
                  case "item" ->
                      items.computeIfAbsent(parsed.tenant(), tenant -> new ArrayList<>()).add(name);
                  case "pointer" -> checkPointer(new Key(parsed.tenant(), parsed.id()));
                  case "feedback" -> checkFeedback(name);
                  case "conversations", "responses", "feedbacks" -> visit.indexes().add(name);
                  case "bytes" ->
                      scripts.run(
                          ScriptCall.of(Script.EXPIRY_LIMIT, name)
                              .with("exactly", retention.longer().expiresAt()));
                  default -> {
                    // It has a time of its own, such as the record of an idempotency key.
                  }
                }
              });
    }
    items.forEach(locations::retain);
    return visit;
  }

  private void retain(RedisKeys.Parsed parsed, Visit visit) {
    Key key = new Key(parsed.tenant(), parsed.id());
    if (parsed.noun().equals("response")) {
      if (parsed.rest().isEmpty()) {
        visit.add(key.tenant(), responses.retain(key.tenant(), parsed.name()));
      }
    } else if (parsed.rest().isEmpty()) {
      visit.add(key.tenant(), conversations.retain(key));
    } else if (parsed.rest().startsWith(OF_RESPONSE)
        && parsed.rest().indexOf(':', OF_RESPONSE.length()) < 0) {
      visit.add(key.tenant(), responses.retain(key.tenant(), parsed.name()));
    }
  }

  /** Removes a pointer through which nothing was recorded. */
  private void checkPointer(Key response) {
    String name = keys.pointer(response);
    Optional<Pointer> pointer =
        Optional.ofNullable(ScriptReply.text(scripts.run(ScriptCall.command("GET", name))))
            .map(Pointer::parse);
    if (pointer.isPresent() && !exists(pointer.get().hash())) {
      // A request that is about to record through it begins anew.
      ScriptReply excluded =
          scripts.reply(
              pointer.get().exclude(Scope.ofTenant(response.tenant()), Long.MIN_VALUE, ""));
      if (excluded.is("ok")) {
        scripts.run(pointer.get().remove(name));
      }
    }
  }

  private void checkFeedback(String name) {
    String pointer = ScriptReply.text(scripts.run(ScriptCall.command("GET", name)));
    if (pointer != null && !exists(IndexExpiry.responseOf(pointer))) {
      scripts.run(ScriptCall.of(Script.POINTER_SET, name).with(pointer, "", ""));
    }
  }

  private boolean exists(String key) {
    return (Long) scripts.run(ScriptCall.command("EXISTS", key)) == 1;
  }
}
