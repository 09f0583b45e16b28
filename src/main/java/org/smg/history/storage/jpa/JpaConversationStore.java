package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
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
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.jpa.dialect.AppendContext;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.rows.ConversationLabelRow;
import org.smg.history.storage.jpa.rows.ConversationRow;
import org.smg.history.storage.jpa.rows.ItemRow;
import org.smg.history.storage.jpa.rows.LabelDigests;
import org.smg.history.storage.jpa.rows.RowKey;
import org.smg.history.storage.jpa.rows.SearchValue;
import org.smg.history.storage.jpa.rows.StoredItem;

final class JpaConversationStore implements ConversationStore {

  private final Database database;
  private final Dialect dialect;

  JpaConversationStore(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  @Override
  public void create(Scope scope, Conversation conversation, List<ItemInput> items) {
    ItemIds.checkDistinct(items);
    database.write(
        em -> {
          AppendContext context =
              AppendContext.withoutConversation(
                  dialect.storedItems(em, scope, AppendContext.linkedIds(items)));
          List<StoredItem> stored = context.resolve(items, conversation.updatedAt());
          em.persist(new ConversationRow(conversation, items.size()));
          em.flush();
          insertLabels(em, conversation);
          insert(em, conversation.key(), 1, stored);
          return conversation;
        },
        () -> find(scope, conversation.key().id()));
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    return database
        .read(em -> find(em, scope, id, LockModeType.NONE))
        .map(ConversationRow::conversation);
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at) {
    return database.write(
        em ->
            find(em, scope, id, LockModeType.PESSIMISTIC_WRITE)
                .map(
                    row -> {
                      deleteLabels(em, scope.key(id));
                      row.replaceMetadata(metadata, at);
                      insertLabels(em, row.conversation());
                      return row.conversation();
                    }));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return database.write(em -> DeleteQuery.run(em, ConversationRow.class, scope, id));
  }

  @Override
  public List<Item> append(Scope scope, String id, List<ItemInput> items, Instant at) {
    ItemIds.checkDistinct(items);
    return database.write(
        em -> {
          AppendContext context = dialect.beginAppend(em, scope, id, items, at);
          long position =
              context.firstPosition().orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
          context.checkAbsent(items);
          List<StoredItem> stored = context.resolve(items, at);
          insert(em, scope.key(id), position, stored);
          return stored.stream().map(StoredItem::item).toList();
        });
  }

  @Override
  public Optional<Item> item(Scope scope, String id, String itemId) {
    return database.read(
        em -> {
          Optional<Item> found = ItemQuery.ofConversation(em, dialect, scope, id).find(itemId);
          if (found.isEmpty()) {
            checkFound(em, scope, id);
          }
          return found;
        });
  }

  @Override
  public Page<Item> items(Scope scope, String id, PageRequest page) {
    return database.read(
        em -> {
          ItemQuery items = ItemQuery.ofConversation(em, dialect, scope, id);
          List<Item> fetched = items.fetch(page);
          if (fetched.isEmpty()) {
            checkFound(em, scope, id);
            items.checkCursor(page.after());
          }
          return Page.ofFetched(fetched, page.limit());
        });
  }

  @Override
  public Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page) {
    return database.read(
        em -> {
          Page<ConversationRow> found =
              new ListQuery<>(ConversationRow.class, "conversation", scope, List.of("createdAt"))
                  .withLabels(filter.metadata(), ConversationLabelRow.class, "conversationId")
                  .created(filter.created())
                  .page(em, page);
          return new Page<>(
              found.data().stream().map(ConversationRow::conversation).toList(), found.hasMore());
        });
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    return database.write(
        em -> {
          ConversationRow row =
              find(em, scope, id, LockModeType.PESSIMISTIC_WRITE)
                  .orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
          int removed =
              em.createQuery(
                      """
                      DELETE FROM ItemRow i
                      WHERE i.tenant = :tenant AND i.conversationId = :id AND i.itemId = :item
                      """)
                  .setParameter("tenant", scope.tenant())
                  .setParameter("id", id)
                  .setParameter("item", SearchValue.of(itemId))
                  .executeUpdate();
          if (removed == 0) {
            return Optional.empty();
          }
          row.updated(at);
          return Optional.of(row.conversation());
        });
  }

  private static Optional<ConversationRow> find(
      EntityManager em, Scope scope, String id, LockModeType lock) {
    return Optional.ofNullable(em.find(ConversationRow.class, RowKey.of(scope.key(id)), lock))
        .filter(row -> row.isIn(scope));
  }

  private static void checkFound(EntityManager em, Scope scope, String id) {
    if (find(em, scope, id, LockModeType.NONE).isEmpty()) {
      throw HistoryFailure.NotFound.conversation(id);
    }
  }

  private static void insert(
      EntityManager em, Key conversation, long first, List<StoredItem> items) {
    long position = first;
    for (StoredItem item : items) {
      em.persist(new ItemRow(conversation, position++, item));
    }
  }

  private static void insertLabels(EntityManager em, Conversation conversation) {
    LabelDigests.of(conversation.metadata())
        .forEach(label -> em.persist(new ConversationLabelRow(conversation, label)));
  }

  private static void deleteLabels(EntityManager em, Key conversation) {
    em.createQuery(
            "DELETE FROM ConversationLabelRow l WHERE l.tenant = :tenant AND l.conversationId = :id")
        .setParameter("tenant", conversation.tenant())
        .setParameter("id", conversation.id())
        .executeUpdate();
  }
}
