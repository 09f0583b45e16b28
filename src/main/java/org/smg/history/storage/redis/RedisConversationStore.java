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
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.Removed;
import org.smg.history.storage.redis.index.IndexEntry;
import org.smg.history.storage.redis.index.OrderedIndex;
import org.smg.history.storage.redis.layout.ItemEncoding;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptReply;
import org.smg.history.storage.redis.script.ScriptRunner;

final class RedisConversationStore implements ConversationStore {

  private final ScriptRunner scripts;
  private final RedisKeys keys;
  private final RetentionRule retention;
  private final ItemLocator locator;
  private final ConversationWriter writer;

  RedisConversationStore(
      ScriptRunner scripts,
      RedisKeys keys,
      RetentionRule retention,
      ItemLocator locator,
      ConversationWriter writer) {
    this.scripts = scripts;
    this.keys = keys;
    this.retention = retention;
    this.locator = locator;
    this.writer = writer;
  }

  @Override
  public void create(
      Scope scope,
      Conversation conversation,
      List<ItemInput> items,
      Optional<IdempotencyRecord> once) {
    writer.create(conversation, ItemBatch.of(scope, items, locator), once);
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    return writer.find(scope.key(id)).filter(found -> scope.includes(found.owner()));
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at, Optional<IdempotencyRecord> once) {
    Key conversation = scope.key(id);
    String expiresAt = retention.conversations().expiresAt();
    if (!writer.prepare(scope, conversation, expiresAt)) {
      return Optional.empty();
    }
    ScriptReply reply =
        scripts.reply(
            writer
                .call(Script.METADATA_REPLACE, conversation, once)
                .scope(scope, retention.horizon().conversations())
                .with(expiresAt, retention.conversations().lag())
                .with(RecordEncoding.time(at), RecordEncoding.metadata(metadata))
                .with(writer.counted(scope, metadata)));
    ConversationWriter.checkUnused(reply);
    return reply.is("not_found")
        ? Optional.empty()
        : Optional.of(updated(scope, conversation, expiresAt, reply));
  }

  /** What is now stored, after it is counted and what leads to it is renewed. */
  private Conversation updated(Scope scope, Key conversation, String expiresAt, ScriptReply reply) {
    writer.count(scope, reply.number(3));
    writer.renewPointers(conversation, expiresAt, reply.number(1));
    return RecordEncoding.conversation(conversation, reply.list(2).texts());
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return delete(scope, id, Metadata.NONE);
  }

  @Override
  public Removed delete(Scope scope, ConversationFilter filter, int limit) {
    Page<Conversation> oldest = list(scope, filter, new PageRequest(limit, Order.ASC, null));
    int count = 0;
    for (Conversation conversation : oldest.data()) {
      if (delete(scope, conversation.key().id(), filter.metadata())) {
        count++;
      }
    }
    return new Removed(count, oldest.hasMore());
  }

  /**
   * @param labels that the conversation must have
   */
  private boolean delete(Scope scope, String id, Metadata labels) {
    Key conversation = scope.key(id);
    ScriptReply reply =
        scripts.reply(
            call(Script.CONVERSATION_DELETE, scope, conversation)
                .with(RecordEncoding.labels(labels)));
    if (reply.is("not_found")) {
      return false;
    }
    writer.count(scope, -reply.number(3));
    Conversation deleted = RecordEncoding.conversation(conversation, reply.list(1).texts());
    writer.removeWhatLeadsTo(deleted, reply.list(2).texts());
    return true;
  }

  @Override
  public List<Item> append(
      Scope scope, String id, List<ItemInput> items, Instant at, Optional<IdempotencyRecord> once) {
    ItemBatch batch = ItemBatch.of(scope, items, locator);
    writer.append(scope.key(id), batch, at, once);
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
    ScriptCall call = call(Script.ITEMS_READ, scope, scope.key(id)).with(page, page.after());
    return existing(id, call).itemPage(page);
  }

  @Override
  public Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page) {
    IndexEntry cursor = null;
    if (page.after() != null) {
      cursor =
          find(scope, page.after())
              .map(IndexEntry::of)
              .orElseThrow(() -> HistoryFailure.NotFound.cursor("conversation", page.after()));
    }
    return index(scope)
        .page(
            IndexEntry.narrowest(IndexEntry.by("owner", scope.owner())),
            filter.created(),
            page,
            cursor,
            ids -> load(scope, ids),
            IndexEntry::of,
            conversation -> scope.includes(conversation.owner()) && filter.includes(conversation));
  }

  private List<Optional<Conversation>> load(Scope scope, List<String> ids) {
    List<Key> conversations = ids.stream().map(scope::key).toList();
    List<Object> fields = scripts.runEach(conversations.stream().map(writer::read).toList());
    List<Optional<Conversation>> loaded = new ArrayList<>();
    for (int i = 0; i < conversations.size(); i++) {
      loaded.add(writer.decode(conversations.get(i), ScriptReply.of(fields.get(i))));
    }
    return loaded;
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    Key conversation = scope.key(id);
    String expiresAt = retention.conversations().expiresAt();
    if (!writer.prepare(scope, conversation, expiresAt)) {
      throw HistoryFailure.NotFound.conversation(id);
    }
    ScriptReply reply =
        existing(
            id,
            writer
                .withIndex(writer.call(Script.ITEM_REMOVE, conversation), conversation)
                .scope(scope, retention.horizon().conversations())
                .with(expiresAt, retention.conversations().lag())
                .with(RecordEncoding.time(at), itemId, writer.counted(scope, Metadata.NONE)));
    if (!reply.has(2)) {
      return Optional.empty();
    }
    scripts.run(writer.removeLocation(conversation, itemId));
    return Optional.of(updated(scope, conversation, expiresAt, reply));
  }

  private OrderedIndex index(Scope scope) {
    return new OrderedIndex(scripts, keys.conversations(scope.tenant()));
  }

  private ScriptCall call(Script script, Scope scope, Key conversation) {
    return writer.call(script, conversation).scope(scope, retention.horizon().conversations());
  }

  private ScriptReply existing(String id, ScriptCall call) {
    ScriptReply reply = scripts.reply(call);
    if (reply.is("not_found")) {
      throw HistoryFailure.NotFound.conversation(id);
    }
    return reply;
  }
}
