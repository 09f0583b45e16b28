package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.jpa.dialect.AppendContext;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.rows.ConversationRow;
import org.smg.history.storage.jpa.rows.EnumColumns;
import org.smg.history.storage.jpa.rows.ItemRow;
import org.smg.history.storage.jpa.rows.LabelDigests;
import org.smg.history.storage.jpa.rows.ResponseItemRow;
import org.smg.history.storage.jpa.rows.ResponseLabelRow;
import org.smg.history.storage.jpa.rows.ResponseRow;
import org.smg.history.storage.jpa.rows.RowKey;
import org.smg.history.storage.jpa.rows.SearchValue;
import org.smg.history.storage.jpa.rows.StoredItem;

final class JpaResponseStore implements ResponseStore {

  private final Database database;
  private final Dialect dialect;

  JpaResponseStore(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    StoredResponse response = turn.response();
    try {
      return database.write(em -> store(em, scope, turn), () -> recorded(scope, response));
    } catch (HistoryFailure.Unavailable unavailable) {
      throw unavailable;
    } catch (HistoryFailure refused) {
      // If the turn is recorded already, its items are in the conversation already, or the
      // conversation was deleted since: neither is a reason to refuse the repetition.
      return recorded(scope, response).orElseThrow(() -> refused);
    }
  }

  /** The response if it is recorded already, by a turn that does not differ. */
  private Optional<StoredResponse> recorded(Scope scope, StoredResponse response) {
    Optional<ResponseRow> row = row(response.key());
    Optional<StoredResponse> same =
        row.filter(found -> found.isIn(scope))
            .map(ResponseRow::response)
            .filter(found -> found.fingerprint().equals(response.fingerprint()));
    if (row.isPresent() && same.isEmpty()) {
      throw new HistoryFailure.ResponseAlreadyRecorded(response.key().id());
    }
    return same;
  }

  private StoredResponse store(EntityManager em, Scope scope, Turn turn) {
    StoredResponse response = turn.response();
    Key key = response.key();
    Instant at = response.recordedAt();
    List<ItemInput> all = Stream.concat(turn.input().stream(), turn.output().stream()).toList();
    AppendContext context = context(em, scope, turn, all);
    ItemIds.checkDistinct(all);
    context.checkAbsentOrSame(all);
    List<StoredItem> input = context.resolve(turn.input(), at);
    List<StoredItem> output =
        turn.output().stream().map(item -> StoredItem.first(item, at)).toList();

    em.persist(new ResponseRow(response));
    em.flush();
    LabelDigests.of(response.metadata())
        .forEach(label -> em.persist(new ResponseLabelRow(response, label)));
    insert(em, key, ResponseItemRow.INPUT, input);
    insert(em, key, ResponseItemRow.OUTPUT, output);
    if (turn.appends()) {
      Key conversation = scope.key(response.conversationId());
      long position = context.firstPosition().getAsLong();
      for (StoredItem item : Stream.concat(input.stream(), output.stream()).toList()) {
        if (!context.isPresent(item.item().id())) {
          em.persist(new ItemRow(conversation, position++, item));
        }
      }
    }
    return response;
  }

  private AppendContext context(EntityManager em, Scope scope, Turn turn, List<ItemInput> items) {
    String conversationId = turn.response().conversationId();
    if (turn.appends()) {
      AppendContext context =
          dialect.beginAppend(em, scope, conversationId, items, turn.response().recordedAt());
      if (context.firstPosition().isEmpty()) {
        throw HistoryFailure.NotFound.conversation(conversationId);
      }
      return context;
    }
    if (conversationId != null) {
      ConversationRow row = em.find(ConversationRow.class, RowKey.of(scope.key(conversationId)));
      if (row == null || !row.isIn(scope)) {
        throw HistoryFailure.NotFound.conversation(conversationId);
      }
    }
    return AppendContext.withoutConversation(
        dialect.storedItems(em, scope, AppendContext.linkedIds(items)));
  }

  private static void insert(
      EntityManager em, Key response, String direction, List<StoredItem> items) {
    for (int i = 0; i < items.size(); i++) {
      em.persist(new ResponseItemRow(response, direction, i + 1L, items.get(i)));
    }
  }

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    return row(scope.key(id)).filter(row -> row.isIn(scope)).map(ResponseRow::response);
  }

  private Optional<ResponseRow> row(Key response) {
    return database.read(
        em -> Optional.ofNullable(em.find(ResponseRow.class, RowKey.of(response))));
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    return database.read(
        em -> {
          ItemQuery items = ItemQuery.ofInput(em, dialect, scope, id);
          List<Item> fetched = items.fetch(page);
          if (fetched.isEmpty()) {
            checkFound(em, scope, id);
            items.checkCursor(page.after());
          }
          return Page.ofFetched(fetched, page.limit());
        });
  }

  private static void checkFound(EntityManager em, Scope scope, String id) {
    ResponseRow row = em.find(ResponseRow.class, RowKey.of(scope.key(id)));
    if (row == null || !row.isIn(scope)) {
      throw HistoryFailure.NotFound.response(id);
    }
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    List<StoredResponse> newestFirst =
        database.read(em -> chain(em, SearchValue.of(scope.key(id)), limit + 1)).stream()
            .takeWhile(row -> row.isIn(scope))
            .map(ResponseRow::response)
            .toList();
    if (newestFirst.isEmpty()) {
      throw HistoryFailure.NotFound.response(id);
    }
    Set<String> seen = new HashSet<>();
    for (StoredResponse member : newestFirst) {
      if (!seen.add(member.key().id())) {
        throw new HistoryFailure.ChainCycle(id);
      }
    }
    boolean hasMore = newestFirst.size() > limit;
    List<StoredResponse> chain =
        new ArrayList<>(hasMore ? newestFirst.subList(0, limit) : newestFirst);
    Collections.reverse(chain);
    return new Page<>(chain, hasMore);
  }

  @SuppressWarnings("unchecked")
  private List<ResponseRow> chain(EntityManager em, Key response, int limit) {
    return em.createNativeQuery(dialect.chain(), ResponseRow.class)
        .setParameter(1, response.tenant())
        .setParameter(2, response.id())
        .setParameter(3, limit)
        .getResultList();
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    return database.read(
        em -> {
          Page<ResponseRow> found =
              new ListQuery<>(
                      ResponseRow.class, "response", scope, List.of("createdAt", "recordedAt"))
                  .where("model", filter.model())
                  .where("status", EnumColumns.toColumn(filter.status()))
                  .where("conversationId", filter.conversationId())
                  .where("safetyIdentifier", filter.safetyIdentifier())
                  .where("endUser", filter.user())
                  .withLabels(filter.metadata(), ResponseLabelRow.class, "responseId")
                  .created(filter.created())
                  .page(em, page);
          return new Page<>(
              found.data().stream().map(ResponseRow::response).toList(), found.hasMore());
        });
  }

  @Override
  public boolean delete(Scope scope, String id) {
    return database.write(em -> DeleteQuery.run(em, ResponseRow.class, scope, id));
  }
}
