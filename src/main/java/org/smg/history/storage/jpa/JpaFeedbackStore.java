package org.smg.history.storage.jpa;

import java.util.List;
import java.util.Optional;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.jpa.rows.EnumColumns;
import org.smg.history.storage.jpa.rows.FeedbackRow;
import org.smg.history.storage.jpa.rows.ResponseRow;
import org.smg.history.storage.jpa.rows.RowKey;

final class JpaFeedbackStore implements FeedbackStore {

  private final Database database;

  JpaFeedbackStore(Database database) {
    this.database = database;
  }

  @Override
  public Feedback add(Scope scope, Feedback feedback) {
    RowKey response = RowKey.of(scope.key(feedback.responseId()));
    return database.write(
        em -> {
          ResponseRow found = em.find(ResponseRow.class, response);
          if (found == null || !found.isIn(scope)) {
            throw HistoryFailure.NotFound.response(feedback.responseId());
          }
          Feedback about = feedback.about(found.response());
          em.persist(new FeedbackRow(about));
          return about;
        },
        () -> find(scope, feedback.key().id()));
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    RowKey feedback = RowKey.of(scope.key(id));
    return database
        .read(em -> Optional.ofNullable(em.find(FeedbackRow.class, feedback)))
        .filter(row -> row.isIn(scope))
        .map(FeedbackRow::feedback);
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    return database.read(
        em -> {
          Page<FeedbackRow> found =
              new ListQuery<>(FeedbackRow.class, "feedback", scope, List.of("createdAt"))
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
    return database.write(em -> DeleteQuery.run(em, FeedbackRow.class, scope, id));
  }
}
