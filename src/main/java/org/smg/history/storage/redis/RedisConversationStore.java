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

final class RedisConversationStore implements ConversationStore {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionPeriod retention;
  private final ConversationWriter writer;

  RedisConversationStore(
      ScriptRunner scripts, RedisKeys keys, RetentionPeriod retention, ConversationWriter writer) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.writer = writer;
  }

  @Override
  public void create(Scope scope, Conversation conversation, List<ItemInput> items) {
    writer.create(conversation, ItemBatch.of(scope, items));
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    Key conversation = scope.key(id);
    return decode(conversation, scripts.reply(read(conversation)))
        .filter(found -> scope.includes(found.owner()));
  }

  private ScriptCall read(Key conversation) {
    return ScriptCall.of(Script.HASH_READ, keys.conversation(conversation).hash())
        .with("origin", "metadata", "updated_at");
  }

  private static Optional<Conversation> decode(Key key, ScriptReply fields) {
    return fields.has(0)
        ? Optional.of(
            RecordEncoding.conversation(key, fields.bytes(0), fields.bytes(1), fields.bytes(2)))
        : Optional.empty();
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at) {
    Key conversation = scope.key(id);
    String expiresAt = renewInIndex(scope, conversation);
    byte[] encoded = RecordEncoding.metadata(metadata);
    byte[] updatedAt = RecordEncoding.instant(at);
    ScriptReply reply =
        scripts.reply(
            call(Script.METADATA_REPLACE, scope, conversation)
                .with(expiresAt, retention.lag())
                .with(encoded)
                .with(updatedAt));
    if (reply.is("not_found")) {
      return Optional.empty();
    }
    writer.renewLocations(conversation, expiresAt, reply.number(1));
    return Optional.of(
        RecordEncoding.conversation(conversation, reply.bytes(2), encoded, updatedAt));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key conversation = scope.key(id);
    ScriptReply reply = scripts.reply(call(Script.CONVERSATION_DELETE, scope, conversation));
    if (reply.is("not_found")) {
      return false;
    }
    List<ScriptCall> calls = new ArrayList<>();
    for (String itemId : reply.list(1).texts()) {
      calls.add(writer.removeLocation(conversation, itemId));
    }
    calls.add(index(scope).remove(id));
    scripts.runEach(calls);
    return true;
  }

  @Override
  public List<Item> append(Scope scope, String id, List<ItemInput> items, Instant at) {
    ItemBatch batch = ItemBatch.of(scope, items);
    writer.append(scope.key(id), batch, at);
    return batch.items();
  }

  @Override
  public Optional<Item> item(Scope scope, String id, String itemId) {
    Key conversation = scope.key(id);
    ScriptReply reply = existing(id, call(Script.ITEM_READ, scope, conversation).with(itemId));
    return reply.has(1) ? Optional.of(ItemEncoding.decode(reply.bytes(1))) : Optional.empty();
  }

  @Override
  public Page<Item> items(Scope scope, String id, PageRequest page) {
    ScriptCall call =
        call(Script.ITEMS_READ, scope, scope.key(id))
            .with(Integer.toString(page.limit() + 1), page.order().name());
    if (page.after() != null) {
      call.with(page.after());
    }
    ScriptReply reply = existing(id, call);
    if (reply.is("unknown_cursor")) {
      throw HistoryFailure.NotFound.cursor("item", page.after());
    }
    return Page.ofFetched(
        reply.rest().values().stream().map(entry -> ItemEncoding.decode((byte[]) entry)).toList(),
        page.limit());
  }

  @Override
  public Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page) {
    OrderedIndex.Entry cursor = null;
    if (page.after() != null) {
      Conversation after =
          find(scope, page.after())
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("conversation", page.after()));
      cursor = new OrderedIndex.Entry(page.after(), OrderedIndex.score(after.createdAt()));
    }
    return index(scope)
        .page(
            filter.created(),
            page,
            cursor,
            ids -> load(scope, ids),
            conversation -> scope.includes(conversation.owner()) && filter.includes(conversation));
  }

  private List<Optional<Conversation>> load(Scope scope, List<String> ids) {
    List<Key> conversations = ids.stream().map(scope::key).toList();
    List<Object> fields = scripts.runEach(conversations.stream().map(this::read).toList());
    List<Optional<Conversation>> loaded = new ArrayList<>();
    for (int i = 0; i < conversations.size(); i++) {
      loaded.add(decode(conversations.get(i), ScriptReply.of(fields.get(i))));
    }
    return loaded;
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    Key conversation = scope.key(id);
    String expiresAt = renewInIndex(scope, conversation);
    byte[] updatedAt = RecordEncoding.instant(at);
    ScriptReply reply =
        existing(
            id,
            call(Script.ITEM_REMOVE, scope, conversation)
                .with(expiresAt, retention.lag(), itemId)
                .with(updatedAt));
    if (!reply.has(2)) {
      return Optional.empty();
    }
    scripts.run(writer.removeLocation(conversation, itemId));
    writer.renewLocations(conversation, expiresAt, reply.number(1));
    return Optional.of(
        RecordEncoding.conversation(conversation, reply.bytes(2), reply.bytes(3), updatedAt));
  }

  /**
   * Renews the index before a write, so that the index never loses a conversation that is stored. A
   * conversation that may be somebody else's is looked at first and left alone if it is.
   */
  private String renewInIndex(Scope scope, Key conversation) {
    String expiresAt = retention.expiresAt();
    if (scope.owner() == null || writer.isStored(scope, conversation)) {
      scripts.run(index(scope).renew(conversation.id(), expiresAt));
    }
    return expiresAt;
  }

  private OrderedIndex index(Scope scope) {
    return new OrderedIndex(scripts, keys.conversations(scope.tenant()));
  }

  private ScriptCall call(Script script, Scope scope, Key conversation) {
    ConversationKeys names = keys.conversation(conversation);
    return ScriptCall.of(script, names.hash(), names.items(), names.positions())
        .with(RecordEncoding.scope(scope));
  }

  private ScriptReply existing(String id, ScriptCall call) {
    ScriptReply reply = scripts.reply(call);
    if (reply.is("not_found")) {
      throw HistoryFailure.NotFound.conversation(id);
    }
    return reply;
  }
}
