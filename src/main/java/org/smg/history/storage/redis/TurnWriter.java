package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ListKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;

/**
 * Records turns. On one node a single script does all of it; on a Cluster the script in the
 * conversation's slot decides (see {@link PendingTurns}).
 */
final class TurnWriter {

  /**
   * How long an attempt on a Cluster may take before another turn may take its response's id. The
   * servers' clocks have to agree better than this.
   */
  private static final int LEASE_MILLIS = 30_000;

  private final Redis redis;
  private final RedisKeys keys;
  private final Retention retention;
  private final Holders holders;
  private final PendingTurns turns;
  private final ConversationWriter conversations;

  TurnWriter(
      Redis redis,
      RedisKeys keys,
      Retention retention,
      Holders holders,
      PendingTurns turns,
      ConversationWriter conversations) {
    this.redis = redis;
    this.keys = keys;
    this.retention = retention;
    this.holders = holders;
    this.turns = turns;
    this.conversations = conversations;
  }

  /**
   * @return false if the response was there before
   */
  boolean record(Turn turn) {
    Key key = turn.response().key();
    Attempt attempt =
        new Attempt(
            turn,
            Batch.of(key.tenant(), turn.input(), turn.output()),
            retention.deadline(),
            Long.toString(System.currentTimeMillis() + LEASE_MILLIS));
    return redis.oneNode() ? recordAtOnce(attempt) : recordAcrossSlots(attempt);
  }

  private record Attempt(Turn turn, Batch batch, String deadline, String lease) {

    StoredResponse response() {
      return turn.response();
    }

    Key conversation() {
      return response().conversationId() == null
          ? null
          : new Key(response().key().tenant(), response().conversationId());
    }
  }

  private boolean recordAtOnce(Attempt attempt) {
    Key conversation = attempt.conversation();
    while (true) {
      Reply reply = redis.reply(script(attempt, "", "", ""));
      switch (reply.word()) {
        case "ok" -> {
          if (conversation != null) {
            conversations.renewLookups(conversation, attempt.deadline(), reply.number(1));
          }
          return true;
        }
        case "settle" -> attempt.batch().settle(reply.list(1), holders);
        case "absent" -> throw HistoryFailure.NotFound.conversation(conversation.id());
        case "duplicate" -> throw new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
        default -> {
          return false;
        }
      }
    }
  }

  private boolean recordAcrossSlots(Attempt attempt) {
    StoredResponse response = attempt.response();
    Key conversation = attempt.conversation();
    if (turns.isRecorded(response.key())) {
      return false;
    }
    if (conversation != null && !exists(conversation)) {
      throw HistoryFailure.NotFound.conversation(conversation.id());
    }
    List<String> newHolders = new ArrayList<>();
    if (attempt.turn().appends()) {
      newHolders.add(Holders.conversation(conversation));
    }
    newHolders.add(Holders.response(response.key()));
    List<Call> releases =
        conversations.claim(
            response.key().tenant(), attempt.batch(), newHolders, attempt.deadline());
    ListKeys list = keys.responses(response.key().tenant());
    RedisList.Place place = place(response);
    redis.run(
        Call.of(Script.ENTER, list.members(), list.expiry())
            .with(place.member(), place.score(), attempt.deadline()));
    if (!attempt.turn().appends()) {
      return prepare(attempt, "", "");
    }
    String marker = keys.turn(conversation, response.key());
    if (!prepare(attempt, attempt.lease(), marker)) {
      return false;
    }
    try {
      conversations.append(
          conversation,
          attempt.batch(),
          response.recordedAt(),
          attempt.deadline(),
          new ConversationWriter.Turn(
              response.key().id(), marker, response.fingerprint(), attempt.lease()));
    } catch (HistoryFailure.Unavailable unknown) {
      // It may have been committed: whoever reads it will see.
      throw unknown;
    } catch (HistoryFailure refused) {
      turns.abandon(response.key(), response.fingerprint());
      conversations.release(conversation, releases);
      throw refused;
    }
    turns.finish(response.key(), response.fingerprint(), marker);
    return true;
  }

  private boolean exists(Key conversation) {
    return Reply.of(
            redis.run(
                Call.of(Script.FIELDS, keys.conversation(conversation).description()).with("u")))
        .has(0);
  }

  /**
   * Stores the response, as pending if there is a lease.
   *
   * @return false if it is recorded already
   */
  private boolean prepare(Attempt attempt, String lease, String marker) {
    String superseded = "";
    Moment moment = new Moment();
    while (true) {
      Reply reply = redis.reply(script(attempt, lease, marker, superseded));
      switch (reply.word()) {
        case "ok" -> {
          return true;
        }
        case "pending" -> {
          if (turns.isCommitted(reply.text(1))) {
            turns.finish(attempt.response().key(), reply.text(2), reply.text(1));
          } else if (reply.number(3) == 1) {
            superseded = reply.text(2);
          } else if (!moment.passes()) {
            throw new HistoryFailure.Unavailable(
                "Another turn is being recorded under this response's id.", null);
          }
        }
        default -> {
          return false;
        }
      }
    }
  }

  private Call script(Attempt attempt, String lease, String marker, String superseded) {
    StoredResponse response = attempt.response();
    Key key = response.key();
    Key conversation = attempt.conversation();
    ResponseKeys names = keys.response(key);
    Call call = Call.of(Script.RECORD, names.description(), names.input(), names.output());
    if (redis.oneNode()) {
      ListKeys responses = keys.responses(key.tenant());
      ListKeys list = keys.conversations(key.tenant());
      // Without a conversation these keys only keep their places.
      ConversationKeys into = keys.conversation(conversation == null ? key : conversation);
      call.key(responses.members()).key(responses.expiry());
      call.key(into.description()).key(into.items()).key(into.positions());
      call.key(list.members()).key(list.expiry());
      attempt.batch().ids().forEach(id -> call.key(keys.lookup(key.tenant(), id)));
    }
    String previous =
        response.previousResponseId() == null
            ? ""
            : keys.response(new Key(key.tenant(), response.previousResponseId())).description();
    RedisList.Place place = place(response);
    call.with(attempt.deadline(), retention.slack())
        .with(Packed.instant(response.recordedAt()))
        .with(UUID.randomUUID().toString(), response.fingerprint())
        .with(Packed.response(response))
        .with(response.json().toUtf8())
        .with(
            previous,
            attempt.turn().appends() ? "append" : conversation == null ? "alone" : "beside",
            Integer.toString(attempt.turn().input().size()),
            Holders.response(key),
            conversation == null ? "" : Holders.conversation(conversation),
            place.member(),
            place.score(),
            conversation == null ? "" : conversation.id(),
            lease,
            marker,
            superseded);
    attempt.batch().addTo(call);
    return call;
  }

  /**
   * Where a response stands in the list: by creation, recording and id. Creation comes again in the
   * member because a score, a floating point number, is not exact for times of distant years.
   */
  static RedisList.Place place(StoredResponse response) {
    long created = ConversationWriter.micros(response.createdAt());
    long recorded = ConversationWriter.micros(response.recordedAt());
    return new RedisList.Place(
        "%016x%016x%s".formatted(created, recorded, response.key().id()), Long.toString(created));
  }

  static Key key(String tenant, String member) {
    return new Key(tenant, member.substring(32));
  }
}
