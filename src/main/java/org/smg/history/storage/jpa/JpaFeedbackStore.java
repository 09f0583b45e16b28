package org.smg.history.storage.jpa;

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

final class JpaFeedbackStore implements FeedbackStore {

  private final Database database;

  JpaFeedbackStore(Database database) {
    this.database = database;
  }

  @Override
  public Feedback add(Scope scope, Feedback feedback) {
    Key response = new Key(feedback.key().tenant(), feedback.responseId());
    return database.write(
        em -> {
          ResponseRow found = em.find(ResponseRow.class, RowKey.of(response));
          if (found == null) {
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
    Key feedback = scope.key(id);
    return database
        .read(em -> Optional.ofNullable(em.find(FeedbackRow.class, RowKey.of(feedback))))
        .map(FeedbackRow::feedback);
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    return database.read(
        em -> {
          Page<FeedbackRow> found =
              new Listing<>(FeedbackRow.class, "feedback", scope.tenant(), List.of("createdAt"))
                  .with("rating", Texts.word(filter.rating()))
                  .with("responseId", filter.responseId())
                  .with("conversationId", filter.conversationId())
                  .with("model", filter.model())
                  .with("author", filter.author())
                  .created(filter.created())
                  .page(em, page);
          return new Page<>(
              found.data().stream().map(FeedbackRow::feedback).toList(), found.hasMore());
        });
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key feedback = scope.key(id);
    return database.write(
        em -> {
          int deleted =
              em.createQuery("DELETE FROM FeedbackRow f WHERE f.tenant = :tenant AND f.id = :id")
                  .setParameter("tenant", Texts.wanted(feedback.tenant()))
                  .setParameter("id", Texts.wanted(feedback.id()))
                  .executeUpdate();
          return deleted > 0;
        });
  }
}
