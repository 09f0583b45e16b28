package org.smg.history.storage.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.smg.history.model.Conversation;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Scope;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.index.OrderedIndex;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Stores items in conversations. On one server a single script does all of it. On a Cluster the
 * keys in other slots are written first: the locations of the items and the index of conversations.
 * They then name a conversation that may not have the items yet, which readers check.
 */
final class ConversationWriter {

  private static final int ITEMS_IN_ONE_ROUND_TRIP = 1000;

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final RedisIdempotency idempotency;
  private final ByteMeter meter;

  ConversationWriter(
      ScriptRunner scripts, RedisKeys keys, RetentionRule retention, ByteMeter meter) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.idempotency = new RedisIdempotency(scripts, keys);
    this.meter = meter;
  }

  /** Creates a conversation with its first items; one that is stored already stays as it is. */
  void create(Conversation conversation, ItemBatch batch, Optional<IdempotencyRecord> once) {
    Key key = conversation.key();
    String expiresAt = retention.conversations().expiresAt();
    IndexEntry entry = IndexEntry.of(conversation);
    String entryUntil = retention.conversations().withLag(expiresAt);
    ScriptCall call = call(Script.CONVERSATION_CREATE, key, once);
    if (scripts.oneServer()) {
      batch.addLocationKeys(call, keys);
    } else {
      addLocations(batch, List.of(ItemLocator.inConversation(key)), expiresAt);
      scripts.run(index(key).add(entry, expiresAt, entryUntil));
    }
    call.with(retention.horizon().conversations())
        .with(expiresAt, ItemLocator.inConversation(key), entry.listNames())
        .with(entry.until(entryUntil))
        .with(counted(batch.scope(), conversation.metadata()))
        .fields(RecordEncoding.conversation(conversation));
    batch.addTo(call, Set.of());
    ScriptReply reply = scripts.reply(call);
    checkUnused(reply);
    if (reply.is("due")) {
      retain(key);
      create(conversation, batch, once);
    } else if (reply.is("ok")) {
      count(batch.scope(), reply.number(2));
    }
  }

  /**
   * Appends a batch.
   *
   * @throws HistoryFailure.NotFound if there is no such conversation in scope
   */
  void append(Key key, ItemBatch batch, Instant at, Optional<IdempotencyRecord> once) {
    String expiresAt = retention.conversations().expiresAt();
    ScriptCall call = call(Script.ITEMS_APPEND, key, once);
    List<ScriptCall> removals = List.of();
    if (scripts.oneServer()) {
      batch.addLocationKeys(call, keys);
    } else if (prepare(batch.scope(), key, expiresAt)) {
      removals = addLocations(batch, List.of(ItemLocator.inConversation(key)), expiresAt);
    } else {
      throw HistoryFailure.NotFound.conversation(key.id());
    }
    call.scope(batch.scope(), retention.horizon().conversations())
        .with(expiresAt, retention.conversations().lag())
        .with(RecordEncoding.time(at), UUID.randomUUID().toString())
        .with(ItemLocator.inConversation(key))
        .with(counted(batch.scope(), Metadata.NONE));
    batch.addTo(call, Set.of());
    ScriptReply reply = scripts.reply(call);
    switch (reply.status()) {
      case "ok" -> {
        count(batch.scope(), reply.number(2));
        renewPointers(key, expiresAt, reply.number(1));
      }
      case "repeated" -> {
        // The batch is stored already.
      }
      case "used" -> {
        removeLocations(key, removals);
        throw new HistoryFailure.IdempotencyKeyUsed();
      }
      case "not_found" -> {
        removeLocations(key, removals);
        throw HistoryFailure.NotFound.conversation(key.id());
      }
      case "duplicate" -> {
        removeLocations(key, removals);
        throw new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
      }
      default -> throw unexpected(reply);
    }
  }

  /**
   * A call of a script that writes to a conversation under an idempotency key, and on one server to
   * the index as well.
   *
   * @throws HistoryFailure.IdempotencyKeyUsed if something was written under the key
   */
  ScriptCall call(Script script, Key conversation, Optional<IdempotencyRecord> once) {
    String hash = keys.conversation(conversation).hash();
    String record = idempotency.announce(conversation.tenant(), hash, once);
    return withIndex(call(script, conversation).key(record), conversation)
        .with(RedisIdempotency.value(once));
  }

  /** A call of a script on a conversation's keys. */
  ScriptCall call(Script script, Key conversation) {
    ConversationKeys names = keys.conversation(conversation);
    return ScriptCall.of(script, names.hash(), names.items(), names.positions());
  }

  ScriptCall withIndex(ScriptCall call, Key conversation) {
    return scripts.oneServer() ? call.key(keys.conversations(conversation.tenant())) : call;
  }

  /**
   * The argument {@code counted} of a script.
   *
   * @param metadata what the script stores beside its batch
   */
  String counted(Scope scope, Metadata metadata) {
    return meter.counts(scope)
        ? Integer.toString(ScriptCall.bytes(RecordEncoding.metadata(metadata)).length)
        : "";
  }

  /** Tells the meter, if it wants to know, what a script has counted. */
  void count(Scope scope, long bytes) {
    meter.measure(scope, () -> bytes);
  }

  static void checkUnused(ScriptReply reply) {
    if (reply.is("used")) {
      throw new HistoryFailure.IdempotencyKeyUsed();
    }
  }

  /**
   * Puts off the expiry of the index before a write on a Cluster, so that the index never loses a
   * conversation that is stored.
   *
   * @return false if the conversation is not stored, or is somebody else's: then nothing is written
   */
  boolean prepare(Scope scope, Key conversation, String expiresAt) {
    if (scripts.oneServer()) {
      return true;
    }
    boolean found = find(conversation).filter(one -> scope.includes(one.owner())).isPresent();
    if (found) {
      scripts.run(index(conversation).renew(expiresAt));
    }
    return found;
  }

  /** Finds a conversation that is not due, whoever made it. */
  Optional<Conversation> find(Key conversation) {
    return decode(conversation, scripts.reply(read(conversation)));
  }

  ScriptCall read(Key conversation) {
    return ScriptCall.command("HMGET", keys.conversation(conversation).hash())
        .with(RecordEncoding.CONVERSATION_FIELDS.toArray(String[]::new));
  }

  Optional<Conversation> decode(Key key, ScriptReply fields) {
    return fields.has(0)
        ? Optional.of(RecordEncoding.conversation(key, fields.texts())).filter(retention::includes)
        : Optional.empty();
  }

  static IllegalStateException unexpected(ScriptReply reply) {
    return new IllegalStateException("A script answered '" + reply.status() + "'.");
  }

  /**
   * Adds new locations to those of each item of a batch, on a Cluster.
   *
   * @return calls that remove these locations, should the batch be refused
   */
  List<ScriptCall> addLocations(ItemBatch batch, List<String> newLocations, String expiresAt) {
    List<ScriptCall> removals = new ArrayList<>();
    for (String id : batch.ids()) {
      String key = keys.itemLocations(batch.scope().tenant(), id);
      for (String location : newLocations) {
        Object added =
            scripts.run(ScriptCall.of(Script.LOCATION_ADD, key).with(location, expiresAt));
        if ((Long) added == 1) {
          removals.add(ScriptCall.of(Script.LOCATION_REMOVE, key).with(location, id));
        }
      }
    }
    return removals;
  }

  /**
   * Removes locations of a refused batch, except the conversation of items that it has by now. A
   * response that was refused has no items.
   *
   * @param conversation null where no location names one
   */
  void removeLocations(Key conversation, List<ScriptCall> removals) {
    for (ScriptCall removal : removals) {
      String itemId = ScriptReply.text(removal.args().get(1));
      if (!ItemLocator.isConversation(ScriptReply.text(removal.args().get(0)))
          || !hasItem(conversation, itemId)) {
        scripts.run(removal);
      }
    }
  }

  private boolean hasItem(Key conversation, String itemId) {
    String positions = keys.conversation(conversation).positions();
    return scripts.run(ScriptCall.command("HGET", positions, itemId)) != null;
  }

  /**
   * Lets what leads to a conversation expire with it: its entry in the index, and the locations of
   * its items. A long conversation has many of them, so they are renewed only when they are behind
   * by more than {@link RetentionPeriod#lag()}. The write itself is done by now, so a fault here
   * does not fail it: the next write tries again.
   *
   * @param behind 1 if they have to be renewed, else 0
   */
  void renewPointers(Key key, String expiresAt, long behind) {
    if (behind == 0) {
      return;
    }
    ConversationKeys names = keys.conversation(key);
    try {
      find(key)
          .map(IndexEntry::of)
          .map(
              entry ->
                  index(key).renew(entry, expiresAt, retention.conversations().withLag(expiresAt)))
          .ifPresent(scripts::run);
      List<String> ids = itemIds(names);
      for (int from = 0; from < ids.size(); from += ITEMS_IN_ONE_ROUND_TRIP) {
        List<ScriptCall> renewals = new ArrayList<>();
        int to = Math.min(ids.size(), from + ITEMS_IN_ONE_ROUND_TRIP);
        for (String id : ids.subList(from, to)) {
          renewals.add(
              ScriptCall.of(Script.LOCATION_ADD, keys.itemLocations(key.tenant(), id))
                  .with(ItemLocator.inConversation(key), expiresAt));
        }
        scripts.runEach(renewals);
      }
      // An item that was removed meanwhile has just got its location back.
      List<String> removed = new ArrayList<>(ids);
      removed.removeAll(new HashSet<>(itemIds(names)));
      scripts.runEach(removed.stream().map(id -> removeLocation(key, id)).toList());
      scripts.run(ScriptCall.of(Script.RENEWAL_NOTE, names.hash()).with(expiresAt));
    } catch (HistoryFailure.Unavailable unrenewed) {
      // The next write finds them behind again.
    }
  }

  private List<String> itemIds(ConversationKeys names) {
    return scripts.reply(ScriptCall.command("HKEYS", names.positions())).texts();
  }

  /** Removes a conversation from the locations of an item that it does not have any more. */
  ScriptCall removeLocation(Key conversation, String itemId) {
    ScriptCall call =
        ScriptCall.of(Script.LOCATION_REMOVE, keys.itemLocations(conversation.tenant(), itemId));
    if (scripts.oneServer()) {
      call.key(keys.conversation(conversation).positions());
    }
    return call.with(ItemLocator.inConversation(conversation), itemId);
  }

  /**
   * Gives the keys of a conversation their expiry by the retention now, or removes it, with all
   * that leads to it, if it is due.
   *
   * @return the status {@code not_found}, {@code removed} or {@code kept}, the fields, and the ids
   *     of its items or the expiry; or {@code running} and the response that it is kept for
   */
  ScriptReply retain(Key key) {
    ScriptReply reply =
        scripts.reply(
            call(Script.CONVERSATION_RETAIN, key)
                .with(retention.horizon().conversations())
                .with(retention.conversations().millis()));
    if (reply.is("running") && clearClaim(key, reply.text(1))) {
      return retain(key);
    }
    if (reply.is("removed")) {
      removeWhatLeadsTo(
          RecordEncoding.conversation(key, reply.list(1).texts()), reply.list(2).texts());
    }
    return reply;
  }

  /**
   * Gives a conversation free whose run has ended without it.
   *
   * @return whether it was kept for this run alone, and the run has ended
   */
  boolean clearClaim(Key conversation, String run) {
    ScriptCall call =
        ScriptCall.of(
            Script.CLAIM_CLEAR,
            keys.conversation(conversation).hash(),
            keys.response(conversation, new Key(conversation.tenant(), run)).hash());
    return (Long) scripts.run(call.with(run)) == 1;
  }

  /** Removes what leads to a conversation that was removed. */
  void removeWhatLeadsTo(Conversation removed, List<String> itemIds) {
    for (int from = 0; from < itemIds.size(); from += ITEMS_IN_ONE_ROUND_TRIP) {
      int to = Math.min(itemIds.size(), from + ITEMS_IN_ONE_ROUND_TRIP);
      scripts.runEach(
          itemIds.subList(from, to).stream().map(id -> removeLocation(removed.key(), id)).toList());
    }
    scripts.runEach(index(removed.key()).remove(IndexEntry.of(removed)));
  }

  OrderedIndex index(Key conversation) {
    return new OrderedIndex(scripts, keys.conversations(conversation.tenant()));
  }
}
