package org.smg.history.storage.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.smg.history.model.Scope;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.RetentionStore.Step;
import org.smg.history.storage.jpa.dialect.Deletion;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.PurgeStatements;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.Rows;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.dialect.Transaction;

/**
 * Removes rows that are due, in transactions of a bounded size. Responses go with their feedback in
 * one transaction. A conversation may have any number of items, so it is marked first.
 */
final class DueRows {

  private final Database database;
  private final Dialect dialect;
  private final ByteCount bytes;
  private final Retained retained;

  DueRows(Database database, Dialect dialect, ByteCount bytes, Retained retained) {
    this.database = database;
    this.dialect = dialect;
    this.bytes = bytes;
    this.retained = retained;
  }

  /**
   * Removes a batch of what is due, the responses first, so that no item is kept for one of them.
   */
  Step removeSome(String tenant) {
    long before = retained.responses();
    List<String> responses =
        database.execute(
            tenant,
            connection -> Rows.texts(connection, PurgeStatements.dueResponses(tenant, before)));
    Counts removed = removeResponses(tenant, responses);
    if (!removed.isNone()) {
      return new Step(removed, true);
    }
    List<Marked> marked = marked(tenant);
    return marked.isEmpty()
        ? new Step(Counts.NONE, markSome(tenant))
        : new Step(removeMarked(tenant, marked), true);
  }

  /** Removes one response if it is due, for a new one under its id. */
  void removeResponse(String tenant, String id) {
    removeResponses(tenant, List.of(id));
  }

  /** Removes one conversation if it is due, for a new one under its id. */
  void removeConversation(String tenant, String id) {
    mark(tenant, List.of(id));
    List<Marked> marked;
    do {
      marked = marked(tenant).stream().filter(found -> found.id.equals(id)).toList();
      if (!marked.isEmpty()) {
        removeMarked(tenant, marked);
      }
    } while (!marked.isEmpty());
  }

  private Counts removeResponses(String tenant, List<String> ids) {
    if (ids.isEmpty()) {
      return Counts.NONE;
    }
    long before = retained.responses();
    return remove(
        tenant,
        connection -> {
          Sql lock = PurgeStatements.lockResponses(tenant, ids, before);
          List<String> locked = Rows.texts(connection, lock);
          return locked.isEmpty() ? List.of() : PurgeStatements.deleteResponses(tenant, locked);
        },
        counts -> new Counts(0, 0, counts.get(1), counts.get(0)));
  }

  /** Marks a batch of conversations that are due, and says whether there was any. */
  private boolean markSome(String tenant) {
    long before = retained.conversations();
    List<String> due =
        database.execute(
            tenant,
            connection -> Rows.texts(connection, PurgeStatements.dueConversations(tenant, before)));
    return mark(tenant, due);
  }

  private boolean mark(String tenant, List<String> ids) {
    if (ids.isEmpty()) {
      return false;
    }
    long before = retained.conversations();
    return database.execute(
        tenant,
        connection ->
            Transaction.run(
                connection,
                () -> {
                  Sql lock = PurgeStatements.lockConversations(tenant, ids, before);
                  List<String> locked = Rows.texts(connection, lock);
                  if (!locked.isEmpty()) {
                    dialect.run(connection, List.of(PurgeStatements.mark(tenant, locked)));
                  }
                  return !locked.isEmpty();
                }));
  }

  /**
   * @param next the position behind the last item
   */
  private record Marked(String id, long next) {}

  private List<Marked> marked(String tenant) {
    return database.execute(
        tenant,
        connection -> {
          List<Marked> marked = new ArrayList<>();
          Rows.read(
              connection,
              PurgeStatements.marked(tenant),
              row -> marked.add(new Marked(row.getString(1), row.getLong(2))));
          return marked;
        });
  }

  /** Removes the first of them with few enough items, or the end of the very first. */
  private Counts removeMarked(String tenant, List<Marked> marked) {
    List<String> whole = new ArrayList<>();
    long items = 0;
    for (Marked conversation : marked) {
      items += conversation.next - 1;
      if (items > PurgeStatements.ITEMS) {
        break;
      }
      whole.add(conversation.id);
    }
    if (!whole.isEmpty()) {
      return remove(
          tenant,
          connection -> PurgeStatements.deleteMarked(tenant, whole),
          counts -> new Counts(counts.get(2), counts.get(1), 0, 0));
    }
    Marked large = marked.get(0);
    long from = large.next - PurgeStatements.ITEMS;
    return remove(
        tenant,
        connection -> PurgeStatements.deleteEnd(tenant, large.id, from, large.next),
        counts -> new Counts(0, counts.get(1), 0, 0));
  }

  private interface Selection {
    List<Deletion> of(Connection connection) throws SQLException;
  }

  private interface Counting {
    Counts of(List<Integer> counts);
  }

  /** Selects and deletes in one transaction. */
  private Counts remove(String tenant, Selection selection, Counting counting) {
    Scope scope = Scope.ofTenant(tenant);
    return database.execute(
        tenant,
        connection -> {
          Deletion.Result deleted =
              Transaction.run(
                  connection,
                  () -> {
                    List<Deletion> deletions = selection.of(connection);
                    return deletions.isEmpty()
                        ? new Deletion.Result(List.of(), 0)
                        : bytes.deleted(connection, scope, deletions);
                  });
          if (deleted.counts().isEmpty()) {
            return Counts.NONE;
          }
          bytes.removed(scope, deleted.bytes());
          return counting.of(deleted.counts());
        });
  }
}
