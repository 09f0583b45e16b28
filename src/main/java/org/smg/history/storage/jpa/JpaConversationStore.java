package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

final class JpaConversationStore implements ConversationStore {

  private final Database database;
  private final Dialect dialect;

  JpaConversationStore(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  @Override
  public void create(Scope scope, Conversation conversation, List<ItemInput> items) {
    Batch.checkDistinct(items);
    database.write(
        em -> {
          Map<String, Content> known =
              dialect.known(em, conversation.key().tenant(), Batch.ids(items));
          List<Content> contents = Batch.contents(items, known, conversation.updatedAt());
          em.persist(new ConversationRow(conversation, items.size()));
          em.flush();
          label(em, conversation);
          insert(em, conversation.key(), 1, contents);
          return conversation;
        },
        () -> find(scope, conversation.key().id()));
  }

  @Override
  public Optional<Conversation> find(Scope scope, String id) {
    Key conversation = scope.key(id);
    return database
        .read(em -> find(em, conversation, LockModeType.NONE))
        .map(ConversationRow::conversation);
  }

  @Override
  public Optional<Conversation> replaceMetadata(
      Scope scope, String id, Metadata metadata, Instant at) {
    Key conversation = scope.key(id);
    return database.write(
        em ->
            find(em, conversation, LockModeType.PESSIMISTIC_WRITE)
                .map(
                    row -> {
                      unlabel(em, conversation);
                      row.replaceMetadata(metadata, at);
                      label(em, row.conversation());
                      return row.conversation();
                    }));
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key conversation = scope.key(id);
    return database.write(
        em -> {
          int deleted =
              em.createQuery(
                      "DELETE FROM ConversationRow c WHERE c.tenant = :tenant AND c.id = :id")
                  .setParameter("tenant", Texts.wanted(conversation.tenant()))
                  .setParameter("id", Texts.wanted(conversation.id()))
                  .executeUpdate();
          return deleted > 0;
        });
  }

  @Override
  public List<Item> append(Scope scope, String id, List<ItemInput> items, Instant at) {
    Key conversation = scope.key(id);
    Batch.checkDistinct(items);
    return database.write(
        em -> {
          Dialect.Ground ground =
              dialect.reserve(em, conversation, items.size(), at, Batch.ids(items));
          long first =
              ground
                  .first()
                  .orElseThrow(() -> HistoryFailure.NotFound.conversation(conversation.id()));
          items.forEach(item -> Batch.checkAbsent(item.id(), ground.known()));
          List<Content> contents = Batch.contents(items, ground.known(), at);
          insert(em, conversation, first, contents);
          return contents.stream().map(Content::item).toList();
        });
  }

  @Override
  public Optional<Item> item(Scope scope, String id, String itemId) {
    Key conversation = scope.key(id);
    return database.read(
        em -> {
          Optional<Item> found = ItemListing.ofConversation(em, dialect, conversation).find(itemId);
          if (found.isEmpty()) {
            checkFound(em, conversation);
          }
          return found;
        });
  }

  @Override
  public Page<Item> items(Scope scope, String id, PageRequest page) {
    Key conversation = scope.key(id);
    return database.read(
        em -> {
          ItemListing items = ItemListing.ofConversation(em, dialect, conversation);
          List<Item> fetched = items.fetch(page);
          if (fetched.isEmpty()) {
            checkFound(em, conversation);
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
              new Listing<>(
                      ConversationRow.class, "conversation", scope.tenant(), List.of("createdAt"))
                  .labelled(filter.metadata(), ConversationLabelRow.class, "conversationId")
                  .created(filter.created())
                  .page(em, page);
          return new Page<>(
              found.data().stream().map(ConversationRow::conversation).toList(), found.hasMore());
        });
  }

  @Override
  public Optional<Conversation> removeItem(Scope scope, String id, String itemId, Instant at) {
    Key conversation = scope.key(id);
    return database.write(
        em -> {
          ConversationRow row =
              find(em, conversation, LockModeType.PESSIMISTIC_WRITE)
                  .orElseThrow(() -> HistoryFailure.NotFound.conversation(conversation.id()));
          int removed =
              em.createQuery(
                      """
                      DELETE FROM ItemRow i
                      WHERE i.tenant = :tenant AND i.conversationId = :id AND i.itemId = :item
                      """)
                  .setParameter("tenant", Texts.wanted(conversation.tenant()))
                  .setParameter("id", Texts.wanted(conversation.id()))
                  .setParameter("item", Texts.wanted(itemId))
                  .executeUpdate();
          if (removed == 0) {
            return Optional.empty();
          }
          row.updated(at);
          return Optional.of(row.conversation());
        });
  }

  private static Optional<ConversationRow> find(
      EntityManager em, Key conversation, LockModeType lock) {
    return Optional.ofNullable(em.find(ConversationRow.class, RowKey.of(conversation), lock));
  }

  private static void checkFound(EntityManager em, Key conversation) {
    if (find(em, conversation, LockModeType.NONE).isEmpty()) {
      throw HistoryFailure.NotFound.conversation(conversation.id());
    }
  }

  private static void insert(EntityManager em, Key conversation, long first, List<Content> items) {
    long position = first;
    for (Content item : items) {
      em.persist(new ItemRow(conversation, position++, item));
    }
  }

  private static void label(EntityManager em, Conversation conversation) {
    Labels.of(conversation.metadata())
        .forEach(label -> em.persist(new ConversationLabelRow(conversation, label)));
  }

  private static void unlabel(EntityManager em, Key conversation) {
    em.createQuery(
            "DELETE FROM ConversationLabelRow l WHERE l.tenant = :tenant AND l.conversationId = :id")
        .setParameter("tenant", Texts.wanted(conversation.tenant()))
        .setParameter("id", Texts.wanted(conversation.id()))
        .executeUpdate();
  }
}
