package org.smg.history.storage.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.redis.RedisKeys.ConversationKeys;
import org.smg.history.storage.redis.RedisKeys.ListKeys;

final class RedisConversationStore implements ConversationStore {

  private final Redis redis;
  private final RedisKeys keys;
  private final Retention retention;
  private final ConversationWriter writer;

  RedisConversationStore(
      Redis redis, RedisKeys keys, Retention retention, ConversationWriter writer) {
    this.redis = redis;
    this.keys = keys;
    this.retention = retention;
    this.writer = writer;
  }

  @Override
  public void create(Scope scope, Conversation conversation, List<ItemInput> items) {
    writer.create(conversation, Batch.of(conversation.key().tenant(), items));
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    Key conversation = scope.key(id);
    return conversation(conversation, redis.run(read(conversation)));
  }

  private Call read(Key conversation) {
    return Call.of(Script.FIELDS, keys.conversation(conversation).description())
        .with("o", "m", "u");
  }

  private static Optional<Conversation> conversation(Key key, Object fields) {
    Reply reply = Reply.of(fields);
    return reply.has(0)
        ? Optional.of(Packed.conversation(key, reply.bytes(0), reply.bytes(1), reply.bytes(2)))
        : Optional.empty();
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at) {
    Key conversation = scope.key(id);
    String deadline = stay(conversation);
    byte[] packed = Packed.metadata(metadata);
    byte[] updated = Packed.instant(at);
    Reply reply =
        redis.reply(
            script(Script.METADATA, conversation)
                .with(deadline, retention.slack())
                .with(packed)
                .with(updated));
    if (reply.is("absent")) {
      return Optional.empty();
    }
    writer.renewLookups(conversation, deadline, reply.number(1));
    return Optional.of(Packed.conversation(conversation, reply.bytes(2), packed, updated));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key conversation = scope.key(id);
    Reply reply = redis.reply(script(Script.DELETE, conversation));
    if (reply.is("absent")) {
      return false;
    }
    List<Call> calls = new ArrayList<>();
    for (String itemId : reply.list(1).texts()) {
      calls.add(writer.release(conversation, itemId));
    }
    ListKeys list = keys.conversations(conversation.tenant());
    calls.add(Call.of(Script.LEAVE, list.members(), list.expiry()).with(conversation.id()));
    redis.runEach(calls);
    return true;
  }

  @Override
  public List<Item> append(Scope scope, String id, List<ItemInput> items, Instant at) {
    Key conversation = scope.key(id);
    Batch batch = Batch.of(conversation.tenant(), items);
    writer.append(conversation, batch, at);
    return batch.items();
  }

  @Override
  public Optional<Item> item(Scope scope, String id, String itemId) {
    Key conversation = scope.key(id);
    Reply reply = existing(conversation, script(Script.ITEM, conversation).with(itemId));
    return reply.has(1) ? Optional.of(Packed.item(reply.bytes(1))) : Optional.empty();
  }

  @Override
  public Page<Item> items(Scope scope, String id, PageRequest page) {
    Key conversation = scope.key(id);
    Call call =
        script(Script.ITEMS, conversation)
            .with(Integer.toString(page.limit() + 1), page.order().name());
    if (page.after() != null) {
      call.with(page.after());
    }
    Reply reply = existing(conversation, call);
    if (reply.is("cursor")) {
      throw HistoryFailure.NotFound.cursor("item", page.after());
    }
    return Page.ofFetched(
        reply.rest().values().stream().map(entry -> Packed.item((byte[]) entry)).toList(),
        page.limit());
  }

  @Override
  public Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page) {
    String tenant = scope.tenant();
    RedisList.Place cursor = null;
    if (page.after() != null) {
      Conversation after =
          find(scope, page.after())
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("conversation", page.after()));
      cursor = new RedisList.Place(page.after(), ConversationWriter.score(after.createdAt()));
    }
    return new RedisList(redis)
        .page(
            keys.conversations(tenant),
            filter.created(),
            page,
            cursor,
            ids -> load(tenant, ids),
            filter::includes);
  }

  private List<Optional<Conversation>> load(String tenant, List<String> ids) {
    List<Key> found = ids.stream().map(id -> new Key(tenant, id)).toList();
    List<Object> fields = redis.runEach(found.stream().map(this::read).toList());
    List<Optional<Conversation>> loaded = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      loaded.add(conversation(found.get(i), fields.get(i)));
    }
    return loaded;
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    Key conversation = scope.key(id);
    String deadline = stay(conversation);
    byte[] updated = Packed.instant(at);
    Reply reply =
        existing(
            conversation,
            script(Script.REMOVE, conversation)
                .with(deadline, retention.slack(), itemId)
                .with(updated));
    if (!reply.has(2)) {
      return Optional.empty();
    }
    redis.run(writer.release(conversation, itemId));
    writer.renewLookups(conversation, deadline, reply.number(1));
    return Optional.of(Packed.conversation(conversation, reply.bytes(2), reply.bytes(3), updated));
  }

  /** A list entry goes no sooner than its conversation, so it stays before that does. */
  private String stay(Key conversation) {
    String deadline = retention.deadline();
    ListKeys list = keys.conversations(conversation.tenant());
    redis.run(
        Call.of(Script.STAY, list.members(), list.expiry()).with(conversation.id(), deadline));
    return deadline;
  }

  private Call script(Script script, Key conversation) {
    ConversationKeys names = keys.conversation(conversation);
    return Call.of(script, names.description(), names.items(), names.positions());
  }

  private Reply existing(Key conversation, Call call) {
    Reply reply = redis.reply(call);
    if (reply.is("absent")) {
      throw HistoryFailure.NotFound.conversation(conversation.id());
    }
    return reply;
  }
}
