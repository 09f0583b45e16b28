package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
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
import org.smg.history.storage.Removed;
import org.smg.history.storage.jpa.dialect.Deletion;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.Remaining;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.RunStatements;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.dialect.Statements;
import org.smg.history.storage.jpa.dialect.StoredItems;
import org.smg.history.storage.jpa.rows.ConversationLabelRow;
import org.smg.history.storage.jpa.rows.ConversationRow;
import org.smg.history.storage.jpa.rows.StoredItem;

final class JpaConversationStore implements ConversationStore {

  /** Positions of the conversations that are deleted together; 500,000 took PostgreSQL seconds. */
  private static final long MOST_ITEMS = 100_000;

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
    return delete(scope, List.of(id), Sql.of("")) > 0;
  }

  @Override
  public Removed delete(Scope scope, ConversationFilter filter, int limit) {
    Page<String> oldest =
        inOneTransaction(
            database.read(
                scope.tenant(),
                em ->
                    query(scope, filter)
                        .oldest(em, "r.id, r.nextPosition", Object[].class, limit)));
    return oldest.data().isEmpty()
        ? Removed.NOTHING
        : new Removed(delete(scope, oldest.data(), Remaining.of(scope, filter)), oldest.hasMore());
  }

  /**
   * As many of the first conversations as one transaction deletes in time: so many that a request
   * which is repeated gets on, whatever they hold.
   *
   * @param oldest ids and next positions
   */
  private static Page<String> inOneTransaction(Page<Object[]> oldest) {
    List<String> ids = new ArrayList<>();
    long items = 0;
    for (Object[] conversation : oldest.data()) {
      items += (Long) conversation[1] - 1;
      if (items > MOST_ITEMS && !ids.isEmpty()) {
        return new Page<>(ids, true);
      }
      ids.add((String) conversation[0]);
    }
    return new Page<>(ids, oldest.hasMore());
  }

  private int delete(Scope scope, List<String> ids, Sql condition) {
    Sql lock = dialect.lock("conversations", Statements.conversationsIn(scope, ids, retained));
    List<Deletion> deletions = Statements.deleteConversations(scope, ids, condition, retained);
    return database
        .execute(
            scope.tenant(), connection -> bytes.delete(connection, scope, List.of(lock), deletions))
        .get(0);
  }

  @Override
  public List<Item> append(
      Scope scope, String id, List<ItemInput> items, Instant at, Optional<IdempotencyRecord> once) {
    ItemIds.checkDistinct(items);
    List<StoredItem> stored = linked.resolve(scope, items, at);
    List<Item> appended = stored.stream().map(StoredItem::item).toList();
    // Where nothing is refused, a run that had taken an id has ended since.
    while (!isAppended(scope, id, stored, at, once)) {
      database
          .execute(
              scope.tenant(), connection -> RunStatements.claim(connection, scope, id, retained))
          .refuseTaken(ItemIds.of(appended));
    }
    return appended;
  }

  private boolean isAppended(
      Scope scope,
      String id,
      List<StoredItem> items,
      Instant at,
      Optional<IdempotencyRecord> once) {
    return database.execute(
        scope.tenant(),
        connection -> {
          boolean done = dialect.append(connection, scope, id, items, at, once, retained);
          if (done) {
            bytes.appended(scope, items);
          }
          return done;
        },
        () -> {
          idempotency.refuseUsed(scope.tenant(), once);
          checkAbsent(scope, id, items);
          return Optional.empty();
        });
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
          Page<ConversationRow> found = query(scope, filter).page(em, page);
          return new Page<>(
              found.data().stream().map(ConversationRow::conversation).toList(), found.hasMore());
        });
  }

  private ListQuery<ConversationRow> query(Scope scope, ConversationFilter filter) {
    return new ListQuery<>(ConversationRow.class, "conversation", scope, List.of("createdAt"))
        .retained("%1$s.updatedAt >= :since", retained.conversations())
        .withLabels(filter.metadata(), ConversationLabelRow.class, "conversationId")
        .created(filter.created());
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    Conversation found =
        find(scope, id).orElseThrow(() -> HistoryFailure.NotFound.conversation(id));
    List<Deletion> deletions = Statements.removeItem(found.key(), itemId, at, retained);
    List<Integer> counts =
        database.execute(scope.tenant(), connection -> bytes.delete(connection, scope, deletions));
    return counts.get(0) > 0 && counts.get(counts.size() - 1) > 0
        ? Optional.of(found.updated(at))
        : Optional.empty();
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
