package org.smg.history.storage.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ResponseKeys;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.layout.ResponseContents;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

/**
 * Finishes runs. One script in the slot of the conversation puts the finished response in the place
 * of its prompt and appends its items; a Cluster is told before where the items are going to be.
 */
final class RunFinisher {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ItemLocator locator;
  private final ConversationWriter conversations;
  private final ResponseWriter responses;
  private final RunLeases leases;

  RunFinisher(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ItemLocator locator,
      ConversationWriter conversations,
      ResponseWriter responses,
      RunLeases leases) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.locator = locator;
    this.conversations = conversations;
    this.responses = responses;
    this.leases = leases;
  }

  /**
   * @param inputs how many items of the batch are input; what is not appended leaves them out
   * @param expiresAt when the conversation expires
   */
  private record End(
      String token, Turn turn, Instant at, ItemBatch batch, int inputs, String expiresAt) {

    StoredResponse response() {
      return turn.response();
    }

    Key conversation() {
      return ResponseWriter.conversation(response());
    }
  }

  /** As {@link org.smg.history.storage.RunStore#finish}. */
  StoredResponse finish(Scope scope, String token, Turn turn, Instant at) {
    List<ItemInput> items = new ArrayList<>(turn.input());
    items.addAll(turn.output());
    ItemIds.checkDistinct(items);
    int inputs = turn.appends() ? turn.input().size() : 0;
    ItemBatch batch =
        ItemBatch.of(scope, items.subList(turn.input().size() - inputs, items.size()), locator);
    End end = new End(token, turn, at, batch, inputs, retention.conversations().expiresAt());
    ResponseKeys names = keys.response(end.conversation(), end.response().key());
    List<ScriptCall> removals = scripts.oneServer() ? List.of() : announce(end, names);
    ScriptReply reply = scripts.reply(call(end, names));
    switch (reply.status()) {
      case "ok" -> {
        isFinished(end, reply);
        return end.response();
      }
      case "repeated" -> {
        return RecordEncoding.response(scope.tenant(), reply.text(1), reply.bytes(2));
      }
      case "duplicate" -> {
        conversations.removeLocations(end.conversation(), removals);
        throw new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
      }
      case "ended" -> throw new HistoryFailure.RunEnded(end.response().key().id());
      default -> throw ConversationWriter.unexpected(reply);
    }
  }

  /** Writes, on a Cluster, where the items of a run that has not ended are going to be. */
  private List<ScriptCall> announce(End end, ResponseKeys names) {
    ScriptReply run =
        scripts.reply(ScriptCall.command("HMGET", names.hash(), "run_token", "expires_at"));
    if (!end.token().equals(run.text(0))) {
      return List.of();
    }
    String deadline = run.text(1);
    List<String> locations = new ArrayList<>();
    if (end.turn().appends()
        && conversations.prepare(end.batch().scope(), end.conversation(), end.expiresAt())) {
      locations.add(ItemLocator.inConversation(end.conversation()));
      deadline = RetentionPeriod.later(end.expiresAt(), deadline);
    }
    locations.add(ItemLocator.inResponse(end.response().key()));
    return conversations.addLocations(end.batch(), locations, deadline);
  }

  private ScriptCall call(End end, ResponseKeys names) {
    StoredResponse response = end.response();
    Key key = response.key();
    Key conversation = end.conversation();
    ConversationKeys into = responses.conversationOf(response, names);
    ItemBatch batch = end.batch();
    ScriptCall call =
        ScriptCall.of(
            Script.RUN_FINISH,
            names.hash(),
            names.items(),
            into.hash(),
            into.items(),
            into.positions());
    if (scripts.oneServer()) {
      call.key(keys.conversations(key.tenant())).key(keys.servers());
      batch.addLocationKeys(call, keys);
    }
    // The script has the input's part of the contents.
    ResponseContents contents =
        ResponseContents.of(
            new Turn(response, List.of(), end.turn().output()), end.turn().output());
    call.with(end.token(), key.id(), end.turn().appends() ? "append" : "leave")
        .with(end.inputs())
        .with(end.expiresAt(), retention.conversations().lag(), RecordEncoding.time(end.at()))
        .with(ItemLocator.inResponse(key))
        .with(conversation == null ? "" : ItemLocator.inConversation(conversation))
        .with(RunLeases.noteOf(key))
        .with(response.fingerprint(), RecordEncoding.description(response), contents.lines())
        .with(response.json().toUtf8())
        .with(conversations.counted(batch.scope(), Metadata.NONE));
    batch.addTo(call, contents.inJson());
    return call;
  }

  /** The turn is stored by now, so a fault here does not fail it. */
  private void isFinished(End end, ScriptReply reply) {
    conversations.count(end.batch().scope(), reply.number(2));
    if (end.conversation() != null) {
      conversations.renewPointers(end.conversation(), end.expiresAt(), reply.number(1));
    }
    if (!scripts.oneServer()) {
      try {
        leases.drop(reply.text(3), end.response().key());
      } catch (HistoryFailure.Unavailable kept) {
        // Who looks for abandoned runs drops it.
      }
    }
  }
}
