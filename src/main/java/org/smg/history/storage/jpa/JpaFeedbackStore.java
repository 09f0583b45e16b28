package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.IdempotencyKeys;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.dialect.Statements;
import org.smg.history.storage.jpa.rows.EnumColumns;
import org.smg.history.storage.jpa.rows.FeedbackRow;
import org.smg.history.storage.jpa.rows.ResponseRow;

final class JpaFeedbackStore implements FeedbackStore {

  private final Database database;
  private final Dialect dialect;
  private final ByteCount bytes;
  private final Retained retained;
  private final JpaIdempotencyStore idempotency;

  JpaFeedbackStore(Database database, Dialect dialect, ByteCount bytes, Retained retained) {
    this.database = database;
    this.dialect = dialect;
    this.bytes = bytes;
    this.retained = retained;
    this.idempotency = new JpaIdempotencyStore(database, dialect);
  }

  @Override
  public Feedback add(Scope scope, Feedback feedback, Optional<IdempotencyRecord> once) {
    Feedback about = aboutResponse(scope, feedback);
    List<Sql> statements = new ArrayList<>(List.of(Statements.feedback(about)));
    once.ifPresent(record -> statements.add(IdempotencyKeys.insert(scope.tenant(), record)));
    return database.execute(
        scope.tenant(),
        connection -> {
          dialect.run(connection, statements);
          bytes.added(scope, about);
          return about;
        },
        () -> {
          idempotency.refuseUsed(scope.tenant(), once);
          aboutResponse(scope, feedback);
          return find(scope, feedback.key().id());
        });
  }

  private Feedback aboutResponse(Scope scope, Feedback feedback) {
    Key response = scope.key(feedback.responseId());
    return database
        .read(
            scope.tenant(),
            em ->
                NamedQuery.of(em, ResponseRow.TAKEN_BY_FEEDBACK, Object[].class, response)
                    .setParameter("since", retained.responses())
                    .getResultStream()
                    .findAny())
        .filter(columns -> scope.includes((String) columns[0]))
        .map(columns -> feedback.about((String) columns[1], (String) columns[2]))
        .orElseThrow(() -> HistoryFailure.NotFound.response(response.id()));
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    return database
        .read(scope.tenant(), em -> byKey(em, scope.key(id)).getResultStream().findAny())
        .filter(row -> row.isIn(scope))
        .map(FeedbackRow::feedback);
  }

  /** The response is looked at only where it can be due. */
  private TypedQuery<FeedbackRow> byKey(EntityManager em, Key key) {
    return retained.limitsResponses()
        ? NamedQuery.of(em, FeedbackRow.BY_KEY_RETAINED, FeedbackRow.class, key)
            .setParameter("since", retained.responses())
        : NamedQuery.of(em, FeedbackRow.BY_KEY, FeedbackRow.class, key);
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    return database.read(
        scope.tenant(),
        em -> {
          ListQuery<FeedbackRow> query =
              new ListQuery<>(FeedbackRow.class, "feedback", scope, List.of("createdAt"));
          if (retained.limitsResponses()) {
            query.retained(FeedbackRow.RESPONSE_RETAINED, retained.responses());
          }
          Page<FeedbackRow> found =
              query
                  .where("rating", EnumColumns.toColumn(filter.rating()))
                  .where("responseId", filter.responseId())
                  .where("conversationId", filter.conversationId())
                  .where("model", filter.model())
                  .where("author", filter.author())
                  .created(filter.created())
                  .page(em, page);
          return new Page<>(
              found.data().stream().map(FeedbackRow::feedback).toList(), found.hasMore());
        });
  }

  @Override
  public boolean delete(Scope scope, String id) {
    List<Integer> counts =
        database.execute(
            scope.tenant(),
            c -> bytes.delete(c, scope, Statements.deleteFeedback(scope, id, retained)));
    return counts.get(0) > 0;
  }
}
