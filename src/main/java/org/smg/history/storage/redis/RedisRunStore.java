package org.smg.history.storage.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Page;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

final class RedisRunStore implements RunStore {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ItemLocator locator;
  private final ResponseReader reader;
  private final ResponseStore responses;
  private final PromptWriter prompts;
  private final RunFinisher finisher;
  private final RunLeases leases;

  RedisRunStore(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ItemLocator locator,
      ResponseReader reader,
      ResponseStore responses,
      PromptWriter prompts,
      RunFinisher finisher,
      RunLeases leases) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.locator = locator;
    this.reader = reader;
    this.responses = responses;
    this.prompts = prompts;
    this.finisher = finisher;
    this.leases = leases;
  }

  @Override
  public Prompt begin(Scope scope, Run run, long mostBytes, Optional<IdempotencyRecord> once) {
    ItemBatch batch = ItemBatch.of(scope, run.input(), locator);
    return prompts
        .begin(run, batch, mostBytes, once)
        .map(context -> new Prompt(context, batch.items()))
        .orElseGet(() -> begunBefore(scope, run.prompt()));
  }

  private Prompt begunBefore(Scope scope, StoredResponse prompt) {
    return new Prompt(
        context(scope, prompt.conversationId(), List.of(), Long.MAX_VALUE),
        inputs(scope, List.of(prompt.key().id())).get(0));
  }

  @Override
  public Prompt read(Scope scope, String conversationId, List<ItemInput> input, long mostBytes) {
    ItemBatch batch = ItemBatch.of(scope, input, locator);
    Prompt prompt =
        new Prompt(context(scope, conversationId, batch.ids(), mostBytes), batch.items());
    prompt.checkLength(mostBytes);
    return prompt;
  }

  /**
   * @param ids that the conversation must not have
   */
  private List<Item> context(Scope scope, String conversationId, List<String> ids, long mostBytes) {
    if (conversationId == null) {
      return List.of();
    }
    RedisKeys.ConversationKeys names = keys.conversation(scope.key(conversationId));
    ScriptReply reply =
        scripts.reply(
            ScriptCall.of(Script.PROMPT_READ, names.hash(), names.items(), names.positions())
                .scope(scope, retention.horizon().conversations())
                .with(mostBytes)
                .with(ids.toArray(String[]::new)));
    return switch (reply.status()) {
      case "ok" -> reply.list(1).items();
      case "not_found" -> throw HistoryFailure.NotFound.conversation(conversationId);
      case "duplicate" -> throw new HistoryFailure.ItemAlreadyInConversation(reply.text(1));
      case "too_long" -> throw new HistoryFailure.ContextTooLong(mostBytes);
      default -> throw ConversationWriter.unexpected(reply);
    };
  }

  @Override
  public StoredResponse finish(Scope scope, String token, Turn turn, Instant at) {
    return finisher.finish(scope, token, turn, at);
  }

  @Override
  public Page<PastTurn> chain(Scope scope, String responseId, int limit) {
    Page<StoredResponse> chain = responses.chain(scope, responseId, limit);
    List<StoredResponse> members = chain.data();
    List<List<Item>> inputs =
        inputs(scope, members.stream().map(member -> member.key().id()).toList());
    List<PastTurn> turns = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      turns.add(new PastTurn(members.get(i), inputs.get(i)));
    }
    return new Page<>(turns, chain.hasMore());
  }

  /** All input items of each response. */
  private List<List<Item>> inputs(Scope scope, List<String> ids) {
    List<Object> read =
        scripts.runEach(
            reader.hashes(scope.tenant(), ids).stream()
                .map(RedisKeys.ResponseKeys::of)
                .map(
                    names ->
                        ScriptCall.of(Script.INPUT_READ, names.hash(), names.items())
                            .scope(scope, reader.horizon()))
                .toList());
    List<List<Item>> inputs = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      ScriptReply reply = ScriptReply.of(read.get(i));
      if (reply.is("not_found")) {
        // It was deleted since it was read.
        throw HistoryFailure.NotFound.response(ids.get(i));
      }
      inputs.add(reply.list(1).items());
    }
    return inputs;
  }

  @Override
  public void lease(String server, Duration duration) {
    leases.lease(server, duration);
  }

  @Override
  public void release(String server) {
    leases.release(server);
  }

  @Override
  public List<Abandoned> abandoned(int limit) {
    return leases.abandoned(limit);
  }
}
