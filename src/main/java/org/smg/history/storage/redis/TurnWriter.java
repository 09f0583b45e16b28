package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.redis.ConversationWriter.TurnCommit;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.IndexKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

/**
 * Records turns. On one server a single script does all of it. On a Cluster the script in the
 * conversation's slot commits (see {@link PendingTurns}).
 */
final class TurnWriter {

  /**
   * How long an attempt on a Cluster may take before another turn may use the same response id. The
   * clocks of the history servers and of Redis have to agree better than this.
   */
  private static final int LEASE_MILLIS = 30_000;

  /** Two times in front of a member's id, each 16 hexadecimal digits. */
  private static final int TIMES_LENGTH = 32;

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionPeriod retention;
  private final ItemLocator locator;
  private final PendingTurns turns;
  private final ConversationWriter conversations;

  TurnWriter(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionPeriod retention,
      ItemLocator locator,
      PendingTurns turns,
      ConversationWriter conversations) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.locator = locator;
    this.turns = turns;
    this.conversations = conversations;
  }

  /**
   * Records a turn.
   *
   * @return false if a response of this id, in scope, was recorded before
   * @throws HistoryFailure.ResponseAlreadyRecorded if it was recorded from another body, or is out
   *     of scope
   */
  boolean record(Scope scope, Turn turn) {
    Attempt attempt =
        new Attempt(
            turn,
            ItemBatch.of(scope, turn.input(), turn.output()),
            retention.expiresAt(),
            Long.toString(System.currentTimeMillis() + LEASE_MILLIS));
    return scripts.oneServer() ? recordInOneStep(attempt) : recordAcrossSlots(attempt);
  }

  private record Attempt(Turn turn, ItemBatch batch, String expiresAt, String lease) {

    Scope scope() {
      return batch.scope();
    }

    StoredResponse response() {
      return turn.response();
    }

    /** Null where there is none. */
    Key conversation() {
      return response().conversationId() == null ? null : scope().key(response().conversationId());
    }
  }

  private boolean recordInOneStep(Attempt attempt) {
    Key conversation = attempt.conversation();
    while (true) {
      ScriptReply reply = scripts.reply(call(attempt, "", "", ""));
      switch (reply.status()) {
        case "ok" -> {
          if (conversation != null) {
            conversations.renewLocations(conversation, attempt.expiresAt(), reply.number(1));
          }
          return true;
        }
        case "repeated" -> {
          return false;
        }
        case "conflict" -> throw alreadyRecorded(attempt);
        case "unresolved" -> attempt.batch().resolve(reply.list(1), locator);
        case "not_found" -> throw HistoryFailure.NotFound.conversation(conversation.id());
        case "duplicate" -> throw new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
        default -> throw ConversationWriter.unexpected(reply);
      }
    }
  }

  private static HistoryFailure alreadyRecorded(Attempt attempt) {
    return new HistoryFailure.ResponseAlreadyRecorded(attempt.response().key().id());
  }

  private boolean recordAcrossSlots(Attempt attempt) {
    StoredResponse response = attempt.response();
    Key conversation = attempt.conversation();
    Optional<StoredResponse> before = turns.describe(response.key());
    if (before.isPresent()) {
      if (!attempt.scope().includes(before.get().owner())) {
        throw alreadyRecorded(attempt);
      }
      return false;
    }
    if (conversation != null && !conversations.isStored(attempt.scope(), conversation)) {
      throw HistoryFailure.NotFound.conversation(conversation.id());
    }
    List<String> locations = new ArrayList<>();
    if (attempt.turn().appends()) {
      locations.add(ItemLocator.inConversation(conversation));
    }
    locations.add(ItemLocator.inResponse(response.key()));
    List<ScriptCall> removals =
        conversations.addLocations(attempt.batch(), locations, attempt.expiresAt());
    scripts.run(
        new OrderedIndex(scripts, keys.responses(response.key().tenant()))
            .add(entry(response), attempt.expiresAt()));
    if (!attempt.turn().appends()) {
      return store(attempt, "", "");
    }
    String marker = keys.turnMarker(conversation, response.key());
    if (!store(attempt, attempt.lease(), marker)) {
      return false;
    }
    try {
      conversations.append(
          conversation,
          attempt.batch(),
          response.recordedAt(),
          attempt.expiresAt(),
          new TurnCommit(response.key().id(), marker, response.fingerprint(), attempt.lease()));
    } catch (HistoryFailure.Unavailable unknown) {
      // It may have been committed. The response stays pending, so that readers look for
      // themselves.
      throw unknown;
    } catch (HistoryFailure refused) {
      turns.discard(response.key(), response.fingerprint());
      conversations.removeLocations(conversation, removals);
      throw refused;
    }
    turns.confirm(response.key(), response.fingerprint(), marker);
    return true;
  }

  /**
   * Stores the response, as pending if it has a lease. While another turn is pending under its id,
   * this waits for about a second.
   *
   * @return false if the same turn is recorded already
   */
  private boolean store(Attempt attempt, String lease, String marker) {
    String superseded = "";
    BoundedWait wait = new BoundedWait();
    do {
      ScriptReply reply = scripts.reply(call(attempt, lease, marker, superseded));
      switch (reply.status()) {
        case "ok" -> {
          return true;
        }
        case "repeated" -> {
          return false;
        }
        case "conflict" -> throw alreadyRecorded(attempt);
        case "pending" -> {
          boolean leaseExpired = reply.number(3) == 1;
          if (turns.isCommitted(reply.text(1))) {
            turns.confirm(attempt.response().key(), reply.text(2), reply.text(1));
          } else if (leaseExpired) {
            superseded = reply.text(2);
          }
        }
        default -> throw ConversationWriter.unexpected(reply);
      }
    } while (wait.pause());
    throw new HistoryFailure.Unavailable(
        "Another turn is being recorded under this response's id.", null);
  }

  private ScriptCall call(Attempt attempt, String lease, String marker, String superseded) {
    StoredResponse response = attempt.response();
    Key key = response.key();
    Key conversation = attempt.conversation();
    ResponseKeys names = keys.response(key);
    ScriptCall call =
        ScriptCall.of(Script.TURN_RECORD, names.hash(), names.input(), names.output());
    if (scripts.oneServer()) {
      IndexKeys responses = keys.responses(key.tenant());
      IndexKeys index = keys.conversations(key.tenant());
      // The script counts keys from the front. Without a conversation it does not use these.
      ConversationKeys into = keys.conversation(conversation == null ? key : conversation);
      call.key(responses.members()).key(responses.expiry());
      call.key(into.hash()).key(into.items()).key(into.positions());
      call.key(index.members()).key(index.expiry());
      attempt.batch().ids().forEach(id -> call.key(keys.itemLocations(key.tenant(), id)));
    }
    String previous =
        response.previousResponseId() == null
            ? ""
            : keys.response(new Key(key.tenant(), response.previousResponseId())).hash();
    OrderedIndex.Entry entry = entry(response);
    call.with(RecordEncoding.scope(attempt.scope()))
        .with(attempt.expiresAt(), retention.lag())
        .with(RecordEncoding.instant(response.recordedAt()))
        .with(UUID.randomUUID().toString(), response.fingerprint())
        .with(RecordEncoding.description(response))
        .with(response.json().toUtf8())
        .with(
            previous,
            attempt.turn().appends() ? "append" : conversation == null ? "alone" : "beside",
            Integer.toString(attempt.turn().input().size()),
            ItemLocator.inResponse(key),
            conversation == null ? "" : ItemLocator.inConversation(conversation),
            entry.member(),
            entry.score(),
            conversation == null ? "" : conversation.id(),
            lease,
            marker,
            superseded);
    attempt.batch().addTo(call);
    return call;
  }

  /**
   * A response's entry in the index: ordered by creation, recording and id. The member repeats the
   * time of creation because a score is a floating point number, which is not exact for times in
   * the far future or past.
   */
  static OrderedIndex.Entry entry(StoredResponse response) {
    long created = OrderedIndex.micros(response.createdAt());
    long recorded = OrderedIndex.micros(response.recordedAt());
    return new OrderedIndex.Entry(
        "%016x%016x%s".formatted(created, recorded, response.key().id()), Long.toString(created));
  }

  /** The response that a member of the index names. */
  static Key key(String tenant, String member) {
    return new Key(tenant, member.substring(TIMES_LENGTH));
  }
}
