package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.jpa.dialect.Deletion;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.Remaining;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.RunStatements;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.dialect.Statements;
import org.smg.history.storage.jpa.rows.EnumColumns;
import org.smg.history.storage.jpa.rows.ResponseLabelRow;
import org.smg.history.storage.jpa.rows.ResponseRow;
import org.smg.history.storage.jpa.rows.SearchValue;

final class JpaResponseStore implements ResponseStore {

  /** The recursion reads ids only: on Oracle its rows cannot contain CLOBs. */
  private static final String CHAIN =
      """
      %s chain (id, previous_response_id, depth) AS (
        SELECT id, previous_response_id, 1 FROM responses
        WHERE tenant = ?1 AND id = ?2 AND recorded_at >= ?4
        UNION ALL
        SELECT r.id, r.previous_response_id, chain.depth + 1 FROM chain
        JOIN responses r ON r.tenant = ?1 AND r.id = chain.previous_response_id
        WHERE chain.depth < ?3 AND r.recorded_at >= ?4
      )
      SELECT r.tenant, r.id, r.owner, r.recorded_at, r.created_at, r.completed_at, r.status, r.model,
             r.conversation_id, r.previous_response_id, r.safety_identifier, r.end_user,
             r.input_tokens, r.cached_tokens, r.output_tokens, r.reasoning_tokens, r.total_tokens,
             r.metadata, r.fingerprint, r.json
      FROM chain JOIN responses r ON r.tenant = ?1 AND r.id = chain.id
      ORDER BY chain.depth
      """;

  private final Database database;
  private final Dialect dialect;
  private final ByteCount bytes;
  private final Retained retained;

  JpaResponseStore(Database database, Dialect dialect, ByteCount bytes, Retained retained) {
    this.database = database;
    this.dialect = dialect;
    this.bytes = bytes;
    this.retained = retained;
  }

  @Override
  public StoredResponse record(Scope scope, Turn turn) {
    try {
      return new TurnRecording(database, dialect, bytes, retained, scope, turn)
          .run(() -> recorded(scope, turn));
    } catch (HistoryFailure.Unavailable unavailable) {
      throw unavailable;
    } catch (HistoryFailure refused) {
      // If the turn is recorded already, its items are in the conversation already, or the
      // conversation was deleted since: neither is a reason to refuse the repetition.
      return recorded(scope, turn).orElseThrow(() -> refused);
    }
  }

  /** The response if it is recorded already, by a turn that does not differ. */
  private Optional<StoredResponse> recorded(Scope scope, Turn turn) {
    StoredResponse response = turn.response();
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

  @Override
  public Optional<StoredResponse> find(Scope scope, String id) {
    return row(scope.key(id)).filter(row -> row.isIn(scope)).map(ResponseRow::response);
  }

  private Optional<ResponseRow> row(Key response) {
    return database.read(
        response.tenant(),
        em ->
            NamedQuery.of(em, ResponseRow.BY_KEY, ResponseRow.class, response)
                .setParameter("since", retained.responses())
                .getResultStream()
                .findAny());
  }

  @Override
  public Page<Item> inputItems(Scope scope, String id, PageRequest page) {
    return database.read(
        scope.tenant(),
        em -> new InputQuery(em, dialect, scope, id, retained.responses()).page(page));
  }

  @Override
  public Page<StoredResponse> chain(Scope scope, String id, int limit) {
    List<StoredResponse> newestFirst =
        database
            .read(scope.tenant(), em -> chain(em, SearchValue.of(scope.key(id)), limit + 1))
            .stream()
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
    return em.createNativeQuery(CHAIN.formatted(dialect.withRecursive()), ResponseRow.class)
        .setParameter(1, response.tenant())
        .setParameter(2, response.id())
        .setParameter(3, limit)
        .setParameter(4, retained.responses())
        .getResultList();
  }

  @Override
  public Page<StoredResponse> list(Scope scope, ResponseFilter filter, PageRequest page) {
    return database.read(
        scope.tenant(),
        em -> {
          Page<ResponseRow> found = query(scope, filter).page(em, page);
          return new Page<>(
              found.data().stream().map(ResponseRow::response).toList(), found.hasMore());
        });
  }

  private ListQuery<ResponseRow> query(Scope scope, ResponseFilter filter) {
    return new ListQuery<>(ResponseRow.class, "response", scope, List.of("createdAt", "recordedAt"))
        .retained("%1$s.recordedAt >= :since", retained.responses())
        .where("model", filter.model())
        .where("status", EnumColumns.toColumn(filter.status()))
        .where("conversationId", filter.conversationId())
        .where("safetyIdentifier", filter.safetyIdentifier())
        .where("endUser", filter.user())
        .withLabels(filter.metadata(), ResponseLabelRow.class, "responseId")
        .created(filter.created());
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Sql lock = dialect.lock("responses", Statements.responsesIn(scope, List.of(id), retained));
    while (deleted(scope, List.of(lock), List.of(id), Statements.FINISHED) == 0) {
      Optional<StoredResponse> there = find(scope, id);
      if (there.isEmpty()) {
        return false;
      }
      if (!there.get().isFinished()) {
        throw new HistoryFailure.ResponseInProgress();
      }
    }
    return true;
  }

  @Override
  public Removed delete(Scope scope, ResponseFilter filter, int limit) {
    Page<String> oldest =
        database.read(
            scope.tenant(), em -> query(scope, filter).oldest(em, "r.id", String.class, limit));
    return oldest.data().isEmpty()
        ? Removed.NOTHING
        : new Removed(delete(scope, oldest.data(), Remaining.of(scope, filter)), oldest.hasMore());
  }

  /** Gives the conversations of runs among them free: whoever ends a run locks it first, too. */
  private int delete(Scope scope, List<String> ids, Sql condition) {
    Sql runs = RunStatements.conversations(scope, ids, retained);
    return deleted(
        scope,
        List.of(
            dialect.lock("conversations", runs),
            dialect.lock("responses", Statements.responsesIn(scope, ids, retained)),
            RunStatements.free(scope, ids, condition, retained)),
        ids,
        condition);
  }

  /**
   * @param first locks what is to be deleted
   * @return how many responses there were
   */
  private int deleted(Scope scope, List<Sql> first, List<String> ids, Sql condition) {
    List<Deletion> deletions = Statements.deleteResponses(scope, ids, condition, retained);
    return database
        .execute(scope.tenant(), connection -> bytes.delete(connection, scope, first, deletions))
        .get(1);
  }
}
