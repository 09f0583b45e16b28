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
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ListKeys;

/**
 * Puts items into conversations. On one node a single script does all of it. On a Cluster what lies
 * in other slots comes first: the lookups by item id and the list of conversations then name a
 * conversation that may lack what they promise, which readers check; the script in the
 * conversation's slot decides.
 */
final class ConversationWriter {

  /** What commits a turn on a Cluster; empty texts where there is none. */
  record Turn(String responseId, String marker, String fingerprint, String lease) {

    static final Turn NONE = new Turn("", "", "", "");
  }

  private final Redis redis;
  private final RedisKeys keys;
  private final Retention retention;
  private final Holders holders;

  ConversationWriter(Redis redis, RedisKeys keys, Retention retention, Holders holders) {
    this.redis = redis;
    this.keys = keys;
    this.retention = retention;
    this.holders = holders;
  }

  /** Creates a conversation with its first items; one that is there already stays as it is. */
  void create(Conversation conversation, Batch batch) {
    Key key = conversation.key();
    ListKeys list = keys.conversations(key.tenant());
    String deadline = retention.deadline();
    String score = score(conversation.createdAt());
    if (!redis.oneNode()) {
      claim(key.tenant(), batch, List.of(Holders.conversation(key)), deadline);
      redis.run(
          Call.of(Script.ENTER, list.members(), list.expiry()).with(key.id(), score, deadline));
    }
    write(
        key,
        batch,
        deadline,
        Turn.NONE,
        call ->
            call.with(Packed.instant(conversation.updatedAt()))
                .with("")
                .with(Packed.origin(conversation))
                .with(Packed.metadata(conversation.metadata())),
        score);
  }

  /**
   * Appends a batch.
   *
   * @throws HistoryFailure.NotFound if there is no such conversation
   */
  void append(Key key, Batch batch, Instant at) {
    String deadline = retention.deadline();
    List<Call> releases =
        redis.oneNode()
            ? List.of()
            : claim(key.tenant(), batch, List.of(Holders.conversation(key)), deadline);
    try {
      append(key, batch, at, deadline, Turn.NONE);
    } catch (HistoryFailure.NotFound | HistoryFailure.ItemAlreadyInConversation refused) {
      release(key, releases);
      throw refused;
    }
  }

  /** Appends what is claimed already; of a turn, at most once. */
  void append(Key key, Batch batch, Instant at, String deadline, Turn turn) {
    if (!redis.oneNode()) {
      ListKeys list = keys.conversations(key.tenant());
      redis.run(Call.of(Script.STAY, list.members(), list.expiry()).with(key.id(), deadline));
    }
    write(
        key,
        batch,
        deadline,
        turn,
        call ->
            call.with(Packed.instant(at))
                .with(UUID.randomUUID().toString())
                .with(new byte[0])
                .with(new byte[0]),
        "");
  }

  private interface Description {
    Call addTo(Call call);
  }

  private void write(
      Key key, Batch batch, String deadline, Turn turn, Description description, String score) {
    ConversationKeys names = keys.conversation(key);
    while (true) {
      Call call = Call.of(Script.APPEND, names.description(), names.items(), names.positions());
      if (redis.oneNode()) {
        ListKeys list = keys.conversations(key.tenant());
        call.key(list.members()).key(list.expiry());
        batch.ids().forEach(id -> call.key(keys.lookup(key.tenant(), id)));
      } else if (!turn.marker().isEmpty()) {
        call.key(turn.marker());
      }
      call.with(deadline, retention.slack());
      description
          .addTo(call)
          .with(Holders.conversation(key), key.id(), score, turn.fingerprint(), turn.lease());
      batch.addTo(call);
      Reply reply = redis.reply(call);
      switch (reply.word()) {
        case "ok" -> {
          renewLookups(key, deadline, reply.number(1));
          return;
        }
        case "done" -> {
          return;
        }
        case "settle" -> batch.settle(reply.list(1), holders);
        case "absent" -> throw HistoryFailure.NotFound.conversation(key.id());
        case "duplicate" -> throw new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
        case "other" -> throw new HistoryFailure.ResponseAlreadyRecorded(turn.responseId());
        default ->
            throw new HistoryFailure.Unavailable(
                "Recording took longer than its lease; nothing was stored.", null);
      }
    }
  }

  /**
   * Settles the content behind every id and enters who is about to hold it.
   *
   * @return what takes that back, should the batch be refused
   */
  List<Call> claim(String tenant, Batch batch, List<String> newHolders, String deadline) {
    List<String> ids = batch.ids();
    // References first: a batch that names what is not there enters nothing.
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isReference(i) && !batch.isSettled(i)) {
        batch.settle(i, Reply.text(lookup(tenant, ids.get(i))), holders);
      }
    }
    List<Call> releases = new ArrayList<>();
    // In one order for all, so that no two batches wait for each other.
    List<Integer> order =
        IntStream.range(0, ids.size()).boxed().sorted(Comparator.comparing(ids::get)).toList();
    for (int i : order) {
      String key = keys.lookup(tenant, ids.get(i));
      Set<String> before = null;
      for (String holder : newHolders) {
        Object held = redis.run(Call.of(Script.CLAIM, key).with(holder, deadline));
        Set<String> names = namesIn(held);
        if (!names.contains(holder)) {
          releases.add(Call.of(Script.RELEASE, key).with(holder, ids.get(i)));
        }
        before = before == null ? names : before;
      }
      if (!batch.isSettled(i)) {
        newHolders.forEach(before::remove);
        awaitContent(tenant, ids.get(i), before);
        batch.settle(i, String.join(" ", before), holders);
      }
    }
    return releases;
  }

  private static Set<String> namesIn(Object holders) {
    Set<String> names = new LinkedHashSet<>();
    if (holders != null) {
      names.addAll(Arrays.asList(Reply.text(holders).split(" ")));
    }
    names.remove("");
    return names;
  }

  private Object lookup(String tenant, String itemId) {
    return redis.run(Call.of(Script.VALUE, keys.lookup(tenant, itemId)));
  }

  /**
   * Who entered an id first decides its content: others give it a moment to store that. It may have
   * died before it could.
   */
  private void awaitContent(String tenant, String itemId, Set<String> earlier) {
    if (!earlier.isEmpty()) {
      Moment.until(
          () ->
              holders.find(tenant, itemId, String.join(" ", earlier)).isPresent()
                  || namesIn(lookup(tenant, itemId)).stream().noneMatch(earlier::contains));
    }
  }

  /** Takes claims back, but not on what is in the conversation nevertheless. */
  void release(Key conversation, List<Call> releases) {
    ConversationKeys names = keys.conversation(conversation);
    for (Call release : releases) {
      Reply found =
          redis.reply(
              new Call(
                  Script.ITEM,
                  Call.of(Script.ITEM, names.description(), names.items(), names.positions())
                      .keys(),
                  release.args().subList(1, 2)));
      if (!found.has(1)) {
        redis.run(release);
      }
    }
  }

  /**
   * Lets the lookups of a conversation's items live as long as the conversation now does. A long
   * conversation has many of them, so this happens once in a while rather than with every write;
   * what was to be written is written when it begins, so a fault here is left to the next write.
   */
  void renewLookups(Key key, String deadline, long behind) {
    if (behind == 0) {
      return;
    }
    ConversationKeys names = keys.conversation(key);
    try {
      List<String> ids = ids(names);
      for (int from = 0; from < ids.size(); from += 1000) {
        List<Call> claims = new ArrayList<>();
        for (String id : ids.subList(from, Math.min(ids.size(), from + 1000))) {
          claims.add(
              Call.of(Script.CLAIM, keys.lookup(key.tenant(), id))
                  .with(Holders.conversation(key), deadline));
        }
        redis.runEach(claims);
      }
      // What was removed meanwhile, and whose lookup was dropped, has just been entered again.
      List<String> gone = new ArrayList<>(ids);
      gone.removeAll(new HashSet<>(ids(names)));
      redis.runEach(gone.stream().map(id -> release(key, id)).toList());
      redis.run(Call.of(Script.RENEWED, names.description()).with(deadline));
    } catch (HistoryFailure.Unavailable later) {
      // The next write tries again.
    }
  }

  private List<String> ids(ConversationKeys names) {
    return redis.reply(Call.of(Script.IDS, names.positions())).texts();
  }

  /** Takes a conversation out of the lookup of an item that it does not have any more. */
  Call release(Key conversation, String itemId) {
    Call call = Call.of(Script.RELEASE, keys.lookup(conversation.tenant(), itemId));
    if (redis.oneNode()) {
      call.key(keys.conversation(conversation).positions());
    }
    return call.with(Holders.conversation(conversation), itemId);
  }

  static String score(Instant instant) {
    return Long.toString(micros(instant));
  }

  static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }
}
