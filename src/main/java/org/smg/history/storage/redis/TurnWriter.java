package org.smg.history.storage.redis;

import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.redis.ResponseWriter.Attempt;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.layout.ResponseContents;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/** Records finished turns: responses whose items are appended to their conversation. */
final class TurnWriter {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ItemLocator locator;
  private final ConversationWriter conversations;
  private final ResponseWriter responses;

  TurnWriter(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ItemLocator locator,
      ConversationWriter conversations,
      ResponseWriter responses) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.locator = locator;
    this.conversations = conversations;
    this.responses = responses;
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
    Attempt attempt = attempt(turn, batch);
    return isRecorded(attempt, responses.write(attempt));
  }

  Attempt attempt(Turn turn, ItemBatch batch) {
    return responses.attempt(turn, batch, new TurnCommit());
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
      default -> throw ResponseWriter.refusal(attempt.response(), reply);
    }
  }

  /** A finished turn, whose items are appended to its conversation. */
  private final class TurnCommit implements ResponseWriter.Commit {

    @Override
    public ScriptReply known(Attempt attempt, StoredResponse before) {
      return ScriptReply.ofStatus(attempt.isOf(before) ? "repeated" : "conflict");
    }

    @Override
    public ScriptCall call(Attempt attempt, Pointer pointer) {
      Turn turn = attempt.turn();
      StoredResponse response = attempt.response();
      Key key = response.key();
      Key conversation = attempt.conversation();
      ScriptCall call = responses.call(Script.TURN_RECORD, attempt, pointer);
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
          .fields(responses.fields(attempt, contents));
      attempt.batch().addTo(call, contents.inJson());
      return call;
    }
  }
}
