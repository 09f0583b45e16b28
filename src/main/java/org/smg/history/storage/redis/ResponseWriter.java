package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.index.OrderedIndex;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.layout.ResponseContents;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.BoundedWait;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Stores responses through pointers: finished turns, and prompts of runs. One script in the slot of
 * the conversation stores one whole. On one server it writes what leads to the response, too; on a
 * Cluster that is in other slots and is written before.
 */
final class ResponseWriter {

  /** What scripts answer when another request has voided the token of this one. */
  private static final String VOIDED = "voided";

  /** What scripts answer when the pointer that is there leads to another place. */
  private static final String ELSEWHERE = "elsewhere";

  /** What scripts answer when a response is there that is due. */
  private static final String DUE = "due";

  /** What scripts answer when nothing can be stored. */
  private static final Set<String> REFUSED =
      Set.of("not_found", "duplicate", "locked", "too_long", "used");

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ResponseReader reader;

  /** Reads also what is due. */
  private final ResponseReader stored;

  private final ConversationWriter conversations;
  private final ResponseExpiry responses;

  ResponseWriter(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ResponseReader reader,
      ConversationWriter conversations,
      ResponseExpiry responses) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.reader = reader;
    this.stored = new ResponseReader(scripts, keys, retention.withHorizon(Horizon.NONE));
    this.conversations = conversations;
    this.responses = responses;
  }

  /** How a turn is stored through a pointer. */
  interface Commit {

    /** What the script would answer where a response has the id already. */
    ScriptReply known(Attempt attempt, StoredResponse before);

    /** Reads, on a Cluster, whether the script would refuse what happens often. */
    default Optional<ScriptReply> refused(Attempt attempt) {
      return Optional.empty();
    }

    /** Writes, on a Cluster, what else has to lead to the response before it is there. */
    default void announce(Pointer pointer) {}

    /** Takes that back, when nothing can be stored through the pointer any more. */
    default void withdraw(Pointer pointer) {}

    ScriptCall call(Attempt attempt, Pointer pointer);
  }

  /**
   * @param expiresAt when the conversation expires
   * @param pointer the one to set, where there is none
   */
  record Attempt(Turn turn, ItemBatch batch, Commit commit, String expiresAt, Pointer pointer) {

    Scope scope() {
      return batch.scope();
    }

    StoredResponse response() {
      return turn.response();
    }

    /** Whether a response was recorded from this turn, by somebody in scope. */
    boolean isOf(StoredResponse stored) {
      return stored.fingerprint().equals(response().fingerprint())
          && scope().includes(stored.owner());
    }

    /** Null where there is none. */
    Key conversation() {
      return ResponseWriter.conversation(response());
    }
  }

  /** The conversation that a response is made in, or null. */
  static Key conversation(StoredResponse response) {
    return response.conversationId() == null
        ? null
        : new Key(response.key().tenant(), response.conversationId());
  }

  /**
   * Stores a response through the pointer that is there, or a new one.
   *
   * @return what the script has answered in the end
   */
  ScriptReply write(Attempt first) {
    BoundedWait wait = new BoundedWait();
    Attempt attempt = first;
    do {
      ScriptReply reply = scripts.oneServer() ? writeInOneStep(attempt) : writeAcrossSlots(attempt);
      if (reply.is(DUE)) {
        responses.retain(attempt.scope().tenant(), reply.text(1));
      } else if (!reply.is(VOIDED) && !reply.is(ELSEWHERE)) {
        return reply;
      }
      attempt = attempt(first.turn(), first.batch(), first.commit());
    } while (wait.pause());
    throw new HistoryFailure.Unavailable(
        "Other requests delete or record a response under this id.", null);
  }

  Attempt attempt(Turn turn, ItemBatch batch, Commit commit) {
    StoredResponse response = turn.response();
    Key conversation = conversation(response);
    return new Attempt(
        turn,
        batch,
        commit,
        retention.conversations().expiresAt(),
        Pointer.to(keys.response(conversation, response.key()), retention.responses().expiresAt()));
  }

  private ScriptReply writeInOneStep(Attempt attempt) {
    ScriptReply reply = commit(attempt, attempt.pointer());
    if (reply.is(ELSEWHERE)) {
      ScriptReply taken = takePointer(attempt, Pointer.parse(reply.text(1)));
      return taken.is("ok") ? commit(attempt, attempt.pointer()) : taken;
    }
    if (reply.is(VOIDED)) {
      removePointer(attempt, new Pointer(reply.text(1), reply.text(2), attempt.pointer().hash()));
    }
    return reply;
  }

  private ScriptReply writeAcrossSlots(Attempt attempt) {
    Key key = attempt.response().key();
    Key conversation = attempt.conversation();
    // These reads keep a request that is going to be refused from writing anything.
    StoredResponse before = stored.describe(key).orElse(null);
    if (before != null && before.isFinished() && !retention.includes(before)) {
      return reader
          .pointer(key)
          .map(pointer -> ScriptReply.ofStatus(DUE, pointer.hash()))
          .orElse(ScriptReply.ofStatus(ELSEWHERE));
    }
    if (before != null) {
      return attempt.commit().known(attempt, before);
    }
    if (conversation != null
        && !conversations.prepare(attempt.scope(), conversation, attempt.expiresAt())) {
      return ScriptReply.ofStatus("not_found");
    }
    Optional<ScriptReply> refused = attempt.commit().refused(attempt);
    if (refused.isPresent()) {
      return refused.get();
    }
    Pointer pointer = setPointer(key, "", attempt.pointer());
    if (!pointer.serves(attempt.pointer())) {
      ScriptReply taken = takePointer(attempt, pointer);
      if (!taken.is("ok")) {
        return taken;
      }
      pointer = attempt.pointer();
    }
    List<String> locations = new ArrayList<>();
    if (attempt.turn().appends()) {
      locations.add(ItemLocator.inConversation(conversation));
    }
    locations.add(ItemLocator.inResponse(key));
    List<ScriptCall> removals =
        conversations.addLocations(
            attempt.batch(),
            locations,
            attempt.turn().appends()
                ? RetentionPeriod.later(attempt.expiresAt(), pointer.deadline())
                : pointer.deadline());
    IndexEntry entry = IndexEntry.of(attempt.response());
    scripts.run(index(key).add(entry, pointer.deadline(), pointer.deadline()));
    attempt.commit().announce(pointer);
    ScriptReply reply = commit(attempt, pointer);
    if (reply.is(VOIDED)) {
      attempt.commit().withdraw(pointer);
      removePointer(attempt, pointer);
    } else if (REFUSED.contains(reply.status())) {
      // The token is voided first, so that no other request can record the turn meanwhile.
      if (exclude(attempt, pointer).is("ok")) {
        index(key).remove(entry).forEach(scripts::run);
        attempt.commit().withdraw(pointer);
        conversations.removeLocations(conversation, removals);
        removePointer(attempt, pointer);
      }
    }
    return reply;
  }

  /** Why a response was not stored. */
  static RuntimeException refusal(StoredResponse response, ScriptReply reply) {
    return switch (reply.status()) {
      case "conflict" -> new HistoryFailure.ResponseAlreadyRecorded(response.key().id());
      case "not_found" -> HistoryFailure.NotFound.conversation(response.conversationId());
      case "duplicate" -> new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
      default -> ConversationWriter.unexpected(reply);
    };
  }

  /**
   * Puts this attempt's pointer in the place of one through which nothing was recorded.
   *
   * @return ok if that is done
   */
  private ScriptReply takePointer(Attempt attempt, Pointer other) {
    ScriptReply reply = exclude(attempt, other);
    if (!reply.is("ok")) {
      return reply;
    }
    Pointer now = setPointer(attempt.response().key(), other.value(), attempt.pointer());
    return now.equals(attempt.pointer()) ? reply : ScriptReply.ofStatus(ELSEWHERE);
  }

  /** Voids a pointer's token, unless a response is there. */
  ScriptReply exclude(Attempt attempt, Pointer pointer) {
    return scripts.reply(
        pointer.exclude(
            attempt.scope(), retention.horizon().responses(), attempt.response().fingerprint()));
  }

  /** Sets a pointer where there is none or the expected one, and answers what is there now. */
  Pointer setPointer(Key response, String expected, Pointer pointer) {
    return Pointer.parse(
        ScriptReply.text(
            scripts.run(
                ScriptCall.of(Script.POINTER_SET, keys.pointer(response))
                    .with(expected, pointer.value(), pointer.deadline()))));
  }

  private void removePointer(Attempt attempt, Pointer pointer) {
    scripts.run(pointer.remove(keys.pointer(attempt.response().key())));
  }

  private OrderedIndex index(Key response) {
    return new OrderedIndex(scripts, keys.responses(response.tenant()));
  }

  /** Runs the script that stores the turn through a pointer. */
  ScriptReply commit(Attempt attempt, Pointer pointer) {
    return scripts.reply(attempt.commit().call(attempt, pointer));
  }

  /** A call of a script on the keys of a response and its conversation. */
  ScriptCall call(Script script, Attempt attempt, Pointer pointer) {
    ResponseKeys names = ResponseKeys.of(pointer.hash());
    ConversationKeys into = conversationOf(attempt.response(), names);
    return ScriptCall.of(
        script,
        names.hash(),
        names.items(),
        names.voided(),
        into.hash(),
        into.items(),
        into.positions());
  }

  /**
   * The keys of a response's conversation. Scripts count keys from the front: without a
   * conversation they do not use these.
   */
  ConversationKeys conversationOf(StoredResponse response, ResponseKeys names) {
    return response.conversationId() == null
        ? new ConversationKeys(names.hash(), names.hash(), names.hash())
        : keys.conversation(new Key(response.key().tenant(), response.conversationId()));
  }

  /** The fields of the response's hash, beside its JSON and what the script adds. */
  Map<String, String> fields(Attempt attempt, ResponseContents contents) {
    StoredResponse response = attempt.response();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("version", Layout.VERSION);
    fields.put("owner", response.owner());
    fields.put("fingerprint", response.fingerprint());
    fields.put("description", RecordEncoding.description(response));
    fields.put("input_count", Integer.toString(attempt.turn().input().size()));
    fields.put("contents", contents.lines());
    if (response.previousResponseId() != null) {
      fields.put(
          "previous_pointer", keys.pointer(attempt.scope().key(response.previousResponseId())));
    }
    return fields;
  }
}
