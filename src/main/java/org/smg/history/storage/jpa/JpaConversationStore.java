package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Metadata;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.jpa.dialect.Deletion;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.dialect.Statements;
import org.smg.history.storage.jpa.dialect.StoredItems;
import org.smg.history.storage.jpa.rows.ConversationLabelRow;
import org.smg.history.storage.jpa.rows.ConversationRow;
import org.smg.history.storage.jpa.rows.StoredItem;

final class JpaConversationStore implements ConversationStore {

  private final Database database;
  private final Dialect dialect;
  private final ByteCount bytes;
  private final Retained retained;
  private final LinkedItems linked;
  private final JpaIdempotencyStore idempotency;

  JpaConversationStore(Database database, Dialect dialect, ByteCount bytes, Retained retained) {
    this.database = database;
    this.dialect = dialect;
    this.bytes = bytes;
    this.retained = retained;
    this.linked = new LinkedItems(database, retained);
    this.idempotency = new JpaIdempotencyStore(database, dialect);
  }

  @Override
  public void create(
      Scope scope,
      Conversation conversation,
      List<ItemInput> items,
      Optional<IdempotencyRecord> once) {
    ItemIds.checkDistinct(items);
    List<StoredItem> stored = linked.resolve(scope, items, conversation.updatedAt());
    database.execute(
        scope.tenant(),
        connection -> {
          dialect.create(connection, conversation, stored, once);
          bytes.created(scope, conversation.metadata(), stored);
          return conversation;
        },
        () -> {
          idempotency.refuseUsed(scope.tenant(), once);
          Optional<Conversation> there = find(scope, conversation.key().id());
          if (there.isEmpty()) {
            new DueRows(database, dialect, bytes, retained)
                .removeConversation(scope.tenant(), conversation.key().id());
          }
          return there;
        });
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    return database.read(scope.tenant(), em -> find(em, scope, id));
  }

  private Optional<Conversation> find(EntityManager em, Scope scope, String id) {
    return NamedQuery.of(em, ConversationRow.BY_KEY, Object[].class, scope.key(id))
        .setParameter("since", retained.conversations())
        .getResultStream()
        .findAny()
        .map(columns -> ConversationRow.conversation(scope.key(id), columns))
        .filter(conversation -> scope.includes(conversation.owner()));
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at, Optional<IdempotencyRecord> once) {
    List<Sql> statements = Statements.replaceMetadata(scope, id, metadata, at, once, retained);
    return find(scope, id)
        .filter(found -> changed(scope, statements, once) > 0)
        .map(
            found -> {
              bytes.replaced(scope, found.metadata(), metadata);
              return found.withMetadata(metadata, at);
            });
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return deleted(scope, Statements.deleteConversation(scope, id, retained)).get(0) > 0;
  }

  @Override
  public List<Item> append(
      Scope scope, String id, List<ItemInput> items, Instant at, Optional<IdempotencyRecord> once) {
    ItemIds.checkDistinct(items);
    List<StoredItem> stored = linked.resolve(scope, items, at);
    boolean found =
        database.execute(
            scope.tenant(),
            connection -> {
              boolean there = dialect.append(connection, scope, id, stored, at, once, retained);
              if (there) {
                bytes.appended(scope, stored);
              }
              return there;
            },
            () -> {
              idempotency.refuseUsed(scope.tenant(), once);
              checkAbsent(scope, id, stored);
              return Optional.empty();
            });
    if (!found) {
      throw HistoryFailure.NotFound.conversation(id);
    }
    return stored.stream().map(StoredItem::item).toList();
  }

  private void checkAbsent(Scope scope, String id, List<StoredItem> items) {
    List<String> ids = items.stream().map(item -> item.item().id()).toList();
    Map<String, Item> present =
        database.execute(
            scope.tenant(),
            connection -> StoredItems.inConversation(connection, scope.key(id), ids));
    for (String itemId : ids) {
      if (present.containsKey(itemId)) {
        throw new HistoryFailure.ItemAlreadyInConversation(itemId);
      }
    }
  }

  @Override
  public Optional<Item> item(Scope scope, String id, String itemId) {
    return database.read(
        scope.tenant(),
        em -> {
          Optional<Item> found = itemQuery(em, scope, id).find(itemId);
          if (found.isEmpty()) {
            checkFound(em, scope, id);
          }
          return found;
        });
  }

  @Override
  public Page<Item> items(Scope scope, String id, PageRequest page) {
    return database.read(
        scope.tenant(),
        em -> {
          ItemQuery items = itemQuery(em, scope, id);
          List<Item> fetched = items.fetch(page);
          if (fetched.isEmpty()) {
            checkFound(em, scope, id);
            items.checkCursor(page.after());
          }
          return Page.ofFetched(fetched, page.limit());
        });
  }

  private ItemQuery itemQuery(EntityManager em, Scope scope, String id) {
    return new ItemQuery(em, dialect, scope, id, retained.conversations());
  }

  @Override
  public Page<Conversation> list(Scope scope, ConversationFilter filter, PageRequest page) {
    return database.read(
        scope.tenant(),
        em -> {
          Page<ConversationRow> found =
              new ListQuery<>(ConversationRow.class, "conversation", scope, List.of("createdAt"))
                  .retained("%1$s.updatedAt >= :since", retained.conversations())
                  .withLabels(filter.metadata(), ConversationLabelRow.class, "conversationId")
                  .created(filter.created())
                  .page(em, page);
          return new Page<>(
              found.data().stream().map(ConversationRow::conversation).toList(), found.hasMore());
        });
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    Conversation found =
        find(scope, id).orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
    List<Integer> counts = deleted(scope, Statements.removeItem(found.key(), itemId, at, retained));
    return counts.get(0) > 0 && counts.get(counts.size() - 1) > 0
        ? Optional.of(found.updated(at))
        : Optional.empty();
  }

  private List<Integer> deleted(Scope scope, List<Deletion> deletions) {
    return database.execute(
        scope.tenant(), connection -> bytes.delete(connection, scope, deletions));
  }

  /** How many rows the first statement changed. */
  private int changed(Scope scope, List<Sql> statements, Optional<IdempotencyRecord> once) {
    return database.execute(
        scope.tenant(),
        connection -> dialect.run(connection, statements).get(0),
        () -> {
          idempotency.refuseUsed(scope.tenant(), once);
          return Optional.empty();
        });
  }

  private void checkFound(EntityManager em, Scope scope, String id) {
    if (find(em, scope, id).isEmpty()) {
      throw HistoryFailure.NotFound.conversation(id);
    }
  }
}
