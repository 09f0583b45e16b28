package org.smg.history.storage.redis;

import java.util.List;
import java.util.Optional;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.RunStore.Run;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.layout.ResponseContents;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Stores prompts of runs. One script in the slot of the conversation claims it, reads its items and
 * stores the prompt, through a pointer as any turn is.
 */
final class PromptWriter {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ConversationWriter conversations;
  private final ResponseWriter responses;
  private final RunLeases leases;
  private final RedisIdempotency idempotency;

  PromptWriter(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ConversationWriter conversations,
      ResponseWriter responses,
      RunLeases leases) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.conversations = conversations;
    this.responses = responses;
    this.leases = leases;
    this.idempotency = new RedisIdempotency(scripts, keys);
  }

  /**
   * Begins a run.
   *
   * @return the context; empty where the run was begun before
   * @throws HistoryFailure as {@link org.smg.history.storage.RunStore#begin} does
   */
  Optional<List<Item>> begin(
      Run run, ItemBatch batch, long mostBytes, Optional<IdempotencyRecord> once) {
    StoredResponse prompt = run.prompt();
    Key conversation = ResponseWriter.conversation(prompt);
    ResponseKeys names = keys.response(conversation, prompt.key());
    String record = idempotency.announce(prompt.key().tenant(), names.conversation(), once);
    ResponseWriter.Attempt attempt = attempt(run, batch, mostBytes, record, once);
    ScriptReply reply = responses.write(attempt);
    if (reply.is("locked")) {
      if (conversations.clearClaim(conversation, reply.text(1))) {
        reply = responses.write(attempt);
      } else {
        noteAgain(conversation, reply.text(1));
      }
    }
    return switch (reply.status()) {
      case "ok" -> {
        conversations.count(batch.scope(), reply.number(1));
        yield Optional.of(reply.list(2).items());
      }
      case "begun" -> Optional.empty();
      case "locked" -> throw new HistoryFailure.ConversationLocked(prompt.conversationId());
      case "too_long" -> throw new HistoryFailure.ContextTooLong(mostBytes);
      case "used" -> throw new HistoryFailure.IdempotencyKeyUsed();
      case "repeated" -> throw new HistoryFailure.ResponseAlreadyRecorded(prompt.key().id());
      default -> throw ResponseWriter.refusal(prompt, reply);
    };
  }

  /**
   * @param record the key of the record of the idempotency key
   */
  ResponseWriter.Attempt attempt(
      Run run, ItemBatch batch, long mostBytes, String record, Optional<IdempotencyRecord> once) {
    return responses.attempt(
        new Turn(run.prompt(), run.input(), List.of()),
        batch,
        new PromptCommit(run, mostBytes - batch.size(), record, RedisIdempotency.value(once)));
  }

  /**
   * A Cluster that lost a master's last moments may have the run and not its note. Nobody would end
   * it, and its conversation could not go on.
   */
  private void noteAgain(Key conversation, String run) {
    if (scripts.oneServer()) {
      return;
    }
    Key response = new Key(conversation.tenant(), run);
    String hash = keys.response(conversation, response).hash();
    ScriptReply stored =
        scripts.reply(ScriptCall.command("HMGET", hash, "run_server", "token", "expires_at"));
    if (stored.has(0)) {
      leases.note(stored.text(0), response, new Pointer(stored.text(1), stored.text(2), hash));
    }
  }

  /** How a run's prompt is stored. */
  private final class PromptCommit implements ResponseWriter.Commit {

    private final Run run;

    /** The bytes that the context may have. */
    private final long room;

    private final String record;
    private final String once;

    PromptCommit(Run run, long room, String record, String once) {
      this.run = run;
      this.room = room;
      this.record = record;
      this.once = once;
    }

    @Override
    public ScriptReply known(ResponseWriter.Attempt attempt, StoredResponse before) {
      Object token = scripts.run(ScriptCall.command("HGET", attempt.pointer().hash(), "run_token"));
      return ScriptReply.ofStatus(
          run.token().equals(ScriptReply.text(token)) ? "begun" : "conflict");
    }

    @Override
    public Optional<ScriptReply> refused(ResponseWriter.Attempt attempt) {
      return Optional.ofNullable(attempt.conversation())
          .map(key -> ScriptCall.command("HGET", keys.conversation(key).hash(), "run"))
          .map(scripts::run)
          .map(other -> ScriptReply.ofStatus("locked", ScriptReply.text(other)));
    }

    @Override
    public void announce(Pointer pointer) {
      leases.note(server(), run.prompt().key(), pointer);
    }

    @Override
    public void withdraw(Pointer pointer) {
      leases.withdraw(server(), run.prompt().key(), pointer);
    }

    private String server() {
      return RunLeases.nameOf(run.server());
    }

    @Override
    public ScriptCall call(ResponseWriter.Attempt attempt, Pointer pointer) {
      StoredResponse prompt = run.prompt();
      Key key = prompt.key();
      ItemBatch batch = attempt.batch();
      ScriptCall call = responses.call(Script.RUN_BEGIN, attempt, pointer).key(record);
      if (scripts.oneServer()) {
        call.key(keys.pointer(key)).key(keys.responses(key.tenant()));
        call.key(keys.servers()).key(keys.runs(server()));
        batch.addLocationKeys(call, keys);
      }
      IndexEntry entry = IndexEntry.of(prompt);
      ResponseContents contents = ResponseContents.of(attempt.turn(), batch.items());
      call.scope(attempt.scope(), retention.horizon().conversations())
          .with(attempt.conversation() == null ? "alone" : "claim")
          .with(pointer.token(), pointer.deadline())
          .with(key.id(), "\n" + String.join("\n", batch.ids()) + "\n")
          .with(room)
          .with(run.token(), server(), RunLeases.noteOf(key), once)
          .with(ItemLocator.inResponse(key))
          .with(entry.listNames(), entry.until(pointer.deadline()))
          .with(prompt.json().toUtf8())
          .with(conversations.counted(attempt.scope(), Metadata.NONE))
          .fields(responses.fields(attempt, contents));
      batch.addTo(call, contents.inJson());
      return call;
    }
  }
}
