package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.layout.Layout;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.layout.ResponseContents;
import org.smg.history.storage.redis.script.BoundedWait;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Records turns. One script in the slot of the conversation stores a turn whole. On one server it
 * writes what leads to the turn, too; on a Cluster that is in other slots and is written before.
 */
final class TurnWriter {

  /** What scripts answer when another request has voided the token of this one. */
  private static final String VOIDED = "voided";

  /** What scripts answer when the pointer that is there leads to another place. */
  private static final String ELSEWHERE = "elsewhere";

  /** What scripts answer when a response is there that is due. */
  private static final String DUE = "due";

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ItemLocator locator;
  private final ResponseReader reader;

  /** Reads also what is due. */
  private final ResponseReader stored;

  private final ConversationWriter conversations;
  private final ResponseExpiry responses;

  TurnWriter(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ItemLocator locator,
      ResponseReader reader,
      ConversationWriter conversations,
      ResponseExpiry responses) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.locator = locator;
    this.reader = reader;
    this.stored = new ResponseReader(scripts, keys, retention.withHorizon(Horizon.NONE));
    this.conversations = conversations;
    this.responses = responses;
  }

  /**
   * @param expiresAt when the conversation expires
   * @param pointer the one to set, where there is none
   */
  record Attempt(Turn turn, ItemBatch batch, String expiresAt, Pointer pointer) {

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
      return response().conversationId() == null ? null : scope().key(response().conversationId());
    }
  }

  /**
   * Records a turn.
   *
   * @return false if a response of this id, in scope, was recorded before
   * @throws HistoryFailure.ResponseAlreadyRecorded if it was recorded from another body, or is out
   *     of scope
   */
  boolean record(Scope scope, Turn turn) {
    ItemBatch batch =
        ItemBatch.of(
            scope, Stream.concat(turn.input().stream(), turn.output().stream()).toList(), locator);
    BoundedWait wait = new BoundedWait();
    do {
      Attempt attempt = attempt(turn, batch);
      ScriptReply reply =
          scripts.oneServer() ? recordInOneStep(attempt) : recordAcrossSlots(attempt);
      if (reply.is(DUE)) {
        responses.retain(scope.tenant(), reply.text(1));
      } else if (!reply.is(VOIDED) && !reply.is(ELSEWHERE)) {
        return isRecorded(attempt, reply);
      }
    } while (wait.pause());
    throw new HistoryFailure.Unavailable(
        "Other requests delete or record a response under this id.", null);
  }

  Attempt attempt(Turn turn, ItemBatch batch) {
    StoredResponse response = turn.response();
    String conversationId = response.conversationId();
    Key conversation = conversationId == null ? null : batch.scope().key(conversationId);
    return new Attempt(
        turn,
        batch,
        retention.conversations().expiresAt(),
        Pointer.to(keys.response(conversation, response.key()), retention.responses().expiresAt()));
  }

  private ScriptReply recordInOneStep(Attempt attempt) {
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

  private ScriptReply recordAcrossSlots(Attempt attempt) {
    Key key = attempt.response().key();
    Key conversation = attempt.conversation();
    // These reads keep a request that is going to be refused from writing anything.
    StoredResponse before = stored.describe(key).orElse(null);
    if (before != null && !retention.includes(before)) {
      return reader
          .pointer(key)
          .map(pointer -> ScriptReply.ofStatus(DUE, pointer.hash()))
          .orElse(ScriptReply.ofStatus(ELSEWHERE));
    }
    if (before != null) {
      return ScriptReply.ofStatus(attempt.isOf(before) ? "repeated" : "conflict");
    }
    if (conversation != null
        && !conversations.prepare(attempt.scope(), conversation, attempt.expiresAt())) {
      return ScriptReply.ofStatus("not_found");
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
    ScriptReply reply = commit(attempt, pointer);
    if (reply.is(VOIDED)) {
      removePointer(attempt, pointer);
    } else if (reply.is("not_found") || reply.is("duplicate")) {
      // The token is voided first, so that no other request can record the turn meanwhile.
      if (exclude(attempt, pointer).is("ok")) {
        index(key).remove(entry).forEach(scripts::run);
        conversations.removeLocations(conversation, removals);
        removePointer(attempt, pointer);
      }
    }
    return reply;
  }

  private boolean isRecorded(Attempt attempt, ScriptReply reply) {
    Key conversation = attempt.conversation();
    switch (reply.status()) {
      case "ok" -> {
        conversations.count(attempt.scope(), reply.number(2));
        if (conversation != null) {
          conversations.renewPointers(conversation, attempt.expiresAt(), reply.number(1));
        }
        return true;
      }
      case "repeated" -> {
        return false;
      }
      case "conflict" ->
          throw new HistoryFailure.ResponseAlreadyRecorded(attempt.response().key().id());
      case "not_found" -> throw HistoryFailure.NotFound.conversation(conversation.id());
      case "duplicate" -> throw new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
      default -> throw ConversationWriter.unexpected(reply);
    }
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
        ScriptCall.of(
                Script.RESPONSE_EXCLUDE, pointer.hash(), ResponseKeys.of(pointer.hash()).voided())
            .scope(attempt.scope(), retention.horizon().responses())
            .with(attempt.response().fingerprint())
            .with(pointer.token(), pointer.deadline()));
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

  /** Runs the script that records the turn through a pointer. */
  ScriptReply commit(Attempt attempt, Pointer pointer) {
    Turn turn = attempt.turn();
    StoredResponse response = attempt.response();
    Key key = response.key();
    Key conversation = attempt.conversation();
    ResponseKeys names = ResponseKeys.of(pointer.hash());
    ScriptCall call =
        ScriptCall.of(Script.TURN_RECORD, names.hash(), names.items(), names.voided());
    // The script counts keys from the front. Without a conversation it does not use these.
    ConversationKeys into =
        conversation == null
            ? new ConversationKeys(names.hash(), names.hash(), names.hash())
            : keys.conversation(conversation);
    call.key(into.hash()).key(into.items()).key(into.positions());
    if (scripts.oneServer()) {
      call.key(keys.pointer(key)).key(keys.responses(key.tenant()));
      call.key(keys.conversations(key.tenant()));
      attempt.batch().addLocationKeys(call, keys);
    }
    IndexEntry entry = IndexEntry.of(response);
    ResponseContents contents = ResponseContents.of(turn, attempt.batch().items());
    call.scope(attempt.scope(), retention.horizon().conversations())
        .with(turn.appends() ? "append" : conversation == null ? "alone" : "beside")
        .with(pointer.token(), pointer.deadline())
        .with(attempt.expiresAt(), retention.conversations().lag())
        .with(RecordEncoding.time(response.recordedAt()))
        .with(ItemLocator.inResponse(key))
        .with(conversation == null ? "" : ItemLocator.inConversation(conversation))
        .with(entry.listNames(), entry.until(pointer.deadline()))
        .with(response.fingerprint())
        .with(response.json().toUtf8())
        .with(conversations.counted(attempt.scope(), Metadata.NONE))
        .with(retention.horizon().responses())
        .fields(fields(attempt, contents));
    attempt.batch().addTo(call, contents.inJson());
    return scripts.reply(call);
  }

  /** Fields of the response's hash, beside its JSON and what the script adds. */
  private Map<String, String> fields(Attempt attempt, ResponseContents contents) {
    StoredResponse response = attempt.response();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("version", Layout.VERSION);
    fields.put("owner", response.owner());
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
