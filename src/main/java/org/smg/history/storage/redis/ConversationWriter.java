package org.smg.history.storage.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.smg.history.model.Conversation;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;

/**
 * Stores items in conversations. On one server a single script does all of it. On a Cluster the
 * keys in other slots are written first: the locations of the items and the index of conversations.
 * They then name a conversation that may not have the items yet, which readers check. The script in
 * the conversation's slot commits.
 */
final class ConversationWriter {

  /**
   * What a script needs to commit a turn on a Cluster; all are empty where there is no turn.
   *
   * @param marker the key that the script writes in the conversation's slot
   * @param lease milliseconds since 1970 after which the script refuses to commit
   */
  record TurnCommit(String responseId, String marker, String fingerprint, String lease) {

    static final TurnCommit NONE = new TurnCommit("", "", "", "");
  }

  private static final int RENEWALS_IN_ONE_ROUND_TRIP = 1000;

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionPeriod retention;
  private final ItemLocator locator;

  ConversationWriter(
      ScriptRunner scripts, RedisKeys keys, RetentionPeriod retention, ItemLocator locator) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.locator = locator;
  }

  /** Creates a conversation with its first items; one that is stored already stays as it is. */
  void create(Conversation conversation, ItemBatch batch) {
    Key key = conversation.key();
    String expiresAt = retention.expiresAt();
    OrderedIndex.Entry entry =
        new OrderedIndex.Entry(key.id(), OrderedIndex.score(conversation.createdAt()));
    if (!scripts.oneServer()) {
      addLocations(batch, List.of(ItemLocator.inConversation(key)), expiresAt);
      scripts.run(index(key).add(entry, expiresAt));
    }
    write(
        key,
        batch,
        expiresAt,
        TurnCommit.NONE,
        call ->
            call.with(RecordEncoding.instant(conversation.updatedAt()))
                .with("")
                .with(RecordEncoding.origin(conversation))
                .with(RecordEncoding.metadata(conversation.metadata())),
        entry.score());
  }

  /**
   * Appends a batch.
   *
   * @throws HistoryFailure.NotFound if there is no such conversation in scope
   */
  void append(Key key, ItemBatch batch, Instant at) {
    String expiresAt = retention.expiresAt();
    if (scripts.oneServer()) {
      append(key, batch, at, expiresAt, TurnCommit.NONE);
      return;
    }
    // The script checks this again. But before it come writes that a conversation of somebody else
    // must not receive.
    if (batch.scope().owner() != null && !isStored(batch.scope(), key)) {
      throw HistoryFailure.NotFound.conversation(key.id());
    }
    List<ScriptCall> removals =
        addLocations(batch, List.of(ItemLocator.inConversation(key)), expiresAt);
    try {
      append(key, batch, at, expiresAt, TurnCommit.NONE);
    } catch (HistoryFailure.NotFound | HistoryFailure.ItemAlreadyInConversation refused) {
      removeLocations(key, removals);
      throw refused;
    }
  }

  /** Appends a batch whose locations are written where need be; a turn's at most once. */
  void append(Key key, ItemBatch batch, Instant at, String expiresAt, TurnCommit turn) {
    if (!scripts.oneServer()) {
      scripts.run(index(key).renew(key.id(), expiresAt));
    }
    write(
        key,
        batch,
        expiresAt,
        turn,
        call ->
            call.with(RecordEncoding.instant(at))
                .with(UUID.randomUUID().toString())
                .with(new byte[0])
                .with(new byte[0]),
        "");
  }

  /** Whether the conversation is stored and in scope. */
  boolean isStored(Scope scope, Key key) {
    ScriptReply fields =
        scripts.reply(
            ScriptCall.of(Script.HASH_READ, keys.conversation(key).hash()).with("origin"));
    return fields.has(0) && scope.includes(RecordEncoding.owner(fields.bytes(0)));
  }

  private interface ConversationFields {
    ScriptCall addTo(ScriptCall call);
  }

  private void write(
      Key key,
      ItemBatch batch,
      String expiresAt,
      TurnCommit turn,
      ConversationFields fields,
      String score) {
    ConversationKeys names = keys.conversation(key);
    while (true) {
      ScriptCall call =
          ScriptCall.of(Script.CONVERSATION_WRITE, names.hash(), names.items(), names.positions());
      if (scripts.oneServer()) {
        RedisKeys.IndexKeys index = keys.conversations(key.tenant());
        call.key(index.members()).key(index.expiry());
        batch.ids().forEach(id -> call.key(keys.itemLocations(key.tenant(), id)));
      } else if (!turn.marker().isEmpty()) {
        call.key(turn.marker());
      }
      call.with(RecordEncoding.scope(batch.scope())).with(expiresAt, retention.lag());
      fields
          .addTo(call)
          .with(ItemLocator.inConversation(key), key.id(), score, turn.fingerprint(), turn.lease());
      batch.addTo(call);
      ScriptReply reply = scripts.reply(call);
      switch (reply.status()) {
        case "ok" -> {
          renewLocations(key, expiresAt, reply.number(1));
          return;
        }
        case "repeated" -> {
          return;
        }
        case "unresolved" -> batch.resolve(reply.list(1), locator);
        case "not_found" -> throw HistoryFailure.NotFound.conversation(key.id());
        case "duplicate" -> throw new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
        case "conflict" -> throw new HistoryFailure.ResponseAlreadyRecorded(turn.responseId());
        case "lease_expired" ->
            throw new HistoryFailure.Unavailable(
                "Recording the response took too long; nothing was stored.", null);
        default -> throw unexpected(reply);
      }
    }
  }

  static IllegalStateException unexpected(ScriptReply reply) {
    return new IllegalStateException("A script answered '" + reply.status() + "'.");
  }

  /**
   * Resolves the items of a batch and adds new locations to those of each, on a Cluster.
   *
   * @return calls that remove these locations, should the batch be refused
   */
  List<ScriptCall> addLocations(ItemBatch batch, List<String> newLocations, String expiresAt) {
    String tenant = batch.scope().tenant();
    List<String> ids = batch.ids();
    // References come first, so that a batch with an unknown one is refused before any write.
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isReference(i) && !batch.isResolved(i)) {
        batch.resolve(i, ScriptReply.text(locations(tenant, ids.get(i))), locator);
      }
    }
    List<ScriptCall> removals = new ArrayList<>();
    // All batches go through their ids in the same order, so that no two wait for each other.
    List<Integer> order =
        IntStream.range(0, ids.size()).boxed().sorted(Comparator.comparing(ids::get)).toList();
    for (int i : order) {
      String key = keys.itemLocations(tenant, ids.get(i));
      Set<String> earlier = null;
      for (String location : newLocations) {
        Set<String> before =
            split(scripts.run(ScriptCall.of(Script.LOCATION_ADD, key).with(location, expiresAt)));
        if (!before.contains(location)) {
          removals.add(ScriptCall.of(Script.LOCATION_REMOVE, key).with(location, ids.get(i)));
        }
        earlier = earlier == null ? before : earlier;
      }
      if (!batch.isResolved(i)) {
        newLocations.forEach(earlier::remove);
        awaitContent(tenant, ids.get(i), earlier);
        batch.resolve(i, String.join(" ", earlier), locator);
      }
    }
    return removals;
  }

  private static Set<String> split(Object locations) {
    Set<String> split = new LinkedHashSet<>();
    if (locations != null) {
      split.addAll(Arrays.asList(ScriptReply.text(locations).split(" ")));
    }
    split.remove("");
    return split;
  }

  private Object locations(String tenant, String itemId) {
    return scripts.run(ScriptCall.of(Script.VALUE_READ, keys.itemLocations(tenant, itemId)));
  }

  /**
   * The request that adds the first location decides the content of an id. Later ones wait for it
   * to store that content, up to a second, since its server may have died. They wait for content of
   * any owner, so that the wait does not depend on what is in scope.
   */
  private void awaitContent(String tenant, String itemId, Set<String> earlier) {
    if (!earlier.isEmpty()) {
      Scope anyOwner = Scope.ofTenant(tenant);
      BoundedWait.until(
          () ->
              locator.find(anyOwner, itemId, String.join(" ", earlier)).isPresent()
                  || split(locations(tenant, itemId)).stream().noneMatch(earlier::contains));
    }
  }

  /** Removes locations of a refused batch, except of items that the conversation has by now. */
  void removeLocations(Key conversation, List<ScriptCall> removals) {
    byte[] anyOwner = RecordEncoding.scope(Scope.ofTenant(conversation.tenant()));
    ConversationKeys names = keys.conversation(conversation);
    for (ScriptCall removal : removals) {
      byte[] itemId = removal.args().get(1);
      ScriptReply found =
          scripts.reply(
              ScriptCall.of(Script.ITEM_READ, names.hash(), names.items(), names.positions())
                  .with(anyOwner)
                  .with(itemId));
      if (!found.has(1)) {
        scripts.run(removal);
      }
    }
  }

  /**
   * Lets the locations of a conversation's items expire with the conversation. A long conversation
   * has many of them, so they are renewed only when they are behind by more than {@link
   * RetentionPeriod#lag()}. The write itself is done by now, so a fault here does not fail it: the
   * next write tries again.
   *
   * @param behind 1 if they have to be renewed, else 0
   */
  void renewLocations(Key key, String expiresAt, long behind) {
    if (behind == 0) {
      return;
    }
    ConversationKeys names = keys.conversation(key);
    try {
      List<String> ids = itemIds(names);
      for (int from = 0; from < ids.size(); from += RENEWALS_IN_ONE_ROUND_TRIP) {
        List<ScriptCall> renewals = new ArrayList<>();
        int to = Math.min(ids.size(), from + RENEWALS_IN_ONE_ROUND_TRIP);
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
      scripts.run(ScriptCall.of(Script.LOCATION_EXPIRY_WRITE, names.hash()).with(expiresAt));
    } catch (HistoryFailure.Unavailable unrenewed) {
      // The next write finds them behind again.
    }
  }

  private List<String> itemIds(ConversationKeys names) {
    return scripts.reply(ScriptCall.of(Script.ITEM_IDS_READ, names.positions())).texts();
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

  private OrderedIndex index(Key conversation) {
    return new OrderedIndex(scripts, keys.conversations(conversation.tenant()));
  }
}
