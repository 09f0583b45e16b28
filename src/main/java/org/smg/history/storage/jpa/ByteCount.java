package org.smg.history.storage.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.smg.history.model.Feedback;
import org.smg.history.model.JsonText;
import org.smg.history.model.Metadata;
import org.smg.history.model.Scope;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.jpa.dialect.Deletion;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.RecordedTurn;
import org.smg.history.storage.jpa.dialect.RunDialect.Finished;
import org.smg.history.storage.jpa.dialect.RunDialect.FinishedTurn;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.dialect.Statements;
import org.smg.history.storage.jpa.rows.JsonStrings;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Counts the bytes of the columns that writes fill and deletes empty. */
record ByteCount(ByteMeter meter, Dialect dialect) {

  void created(Scope scope, Metadata metadata, List<StoredItem> items) {
    meter.measure(scope, () -> size(metadata) + size(items));
  }

  void appended(Scope scope, List<StoredItem> items) {
    meter.measure(scope, () -> size(items));
  }

  void replaced(Scope scope, Metadata before, Metadata now) {
    meter.measure(scope, () -> size(now) - size(before));
  }

  void recorded(Scope scope, RecordedTurn turn) {
    meter.measure(
        scope,
        () ->
            dialect.size(turn.response().json())
                + (turn.input().json() == null ? 0 : dialect.size(turn.input().json()))
                + size(turn.appended()));
  }

  void finished(Scope scope, FinishedTurn turn, Finished finished) {
    meter.measure(
        scope,
        () ->
            dialect.size(turn.response().json())
                - finished.replaced()
                + (finished.inConversation() ? size(turn.appended()) : 0));
  }

  void added(Scope scope, Feedback feedback) {
    meter.measure(
        scope,
        () ->
            size(feedback.metadata())
                + (feedback.comment() == null ? 0 : size(JsonStrings.quote(feedback.comment()))));
  }

  /**
   * Deletes, and measures what is deleted if somebody counts it.
   *
   * @param first lock what is to be deleted
   * @return how many rows each statement changed
   */
  List<Integer> delete(
      Connection connection, Scope scope, List<Sql> first, List<Deletion> deletions)
      throws SQLException {
    List<Deletion> all = new ArrayList<>(first.stream().map(Deletion::without).toList());
    all.addAll(deletions);
    return delete(connection, scope, all).subList(first.size(), all.size());
  }

  /** The same for what is locked by its first statement. */
  List<Integer> delete(Connection connection, Scope scope, List<Deletion> deletions)
      throws SQLException {
    Deletion.Result deleted = deleted(connection, scope, deletions);
    removed(scope, deleted.bytes());
    return deleted.counts();
  }

  /** Deletes within a transaction; {@link #removed} is to be told once it is committed. */
  Deletion.Result deleted(Connection connection, Scope scope, List<Deletion> deletions)
      throws SQLException {
    return meter.counts(scope)
        ? dialect.delete(connection, deletions)
        : new Deletion.Result(
            dialect.run(connection, deletions.stream().map(Deletion::statement).toList()), 0);
  }

  void removed(Scope scope, long bytes) {
    meter.measure(scope, () -> -bytes);
  }

  private long size(List<StoredItem> items) {
    return items.stream().mapToLong(item -> dialect.size(item.item().json())).sum();
  }

  private long size(Metadata metadata) {
    return size(Statements.metadata(metadata));
  }

  private long size(String text) {
    return dialect.size(JsonText.of(text));
  }
}
