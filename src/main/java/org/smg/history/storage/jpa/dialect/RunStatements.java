package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.rows.SearchValue;

/** Statements about runs and leases, in the SQL that all databases share. */
public final class RunStatements {

  /** Ids contain no control characters. */
  private static final String LINE = "\n";

  private static final String CLAIM = "SELECT run_id, run_items FROM conversations WHERE ";

  /** The items come only if they are short enough; one row without any if there are none. */
  private static final String CONTEXT =
      """
      ) c
      CROSS JOIN (SELECT COALESCE(SUM(%s), 0) AS bytes FROM items
                  WHERE tenant = ? AND conversation_id = ?) total
      LEFT JOIN items i
      ON i.tenant = c.tenant AND i.conversation_id = c.id AND total.bytes <= ?
      ORDER BY i.position""";

  private static final String STORED =
      """
      SELECT run_token, input_items, input FROM responses
      WHERE tenant = ? AND id = ? AND recorded_at >= ?""";

  private RunStatements() {}

  static String lines(List<String> ids) {
    return String.join(LINE, ids);
  }

  /** The row of a prompt, by column. */
  static Map<String, Object> prompt(RunDialect.Beginning beginning) {
    Map<String, Object> row = Statements.response(beginning.prompt());
    row.put("server_id", beginning.server());
    row.put("run_token", beginning.token());
    return row;
  }

  /** How an item is read of three columns: its id, its type and its JSON. */
  interface ItemReader {
    Item read(ResultSet row, int firstColumn) throws SQLException;
  }

  /**
   * What was said in a conversation.
   *
   * @param whole whether it is short enough; if not, the items are missing
   */
  record Context(boolean whole, List<Item> items) {

    /**
     * @throws HistoryFailure.ContextTooLong if it is longer than what was allowed
     */
    List<Item> within(long mostBytes) {
      if (!whole) {
        throw new HistoryFailure.ContextTooLong(mostBytes);
      }
      return items;
    }
  }

  /**
   * Reads the items of a conversation, if it is in scope and retained.
   *
   * @param length the expression for the length of an item; may be less than its bytes
   */
  static Optional<Context> context(
      Connection connection,
      Scope scope,
      String conversationId,
      long mostBytes,
      Retained retained,
      String length,
      ItemReader reader)
      throws SQLException {
    Sql sql =
        Sql.of(
                "SELECT total.bytes, i.item_id, i.type, i.json"
                    + " FROM (SELECT tenant, id FROM conversations WHERE ")
            .then(Statements.conversationIn(scope, conversationId, retained))
            .then(
                CONTEXT.formatted(length),
                SearchValue.of(scope.tenant()),
                SearchValue.of(conversationId),
                mostBytes);
    List<Item> items = new ArrayList<>();
    List<Long> lengths = new ArrayList<>();
    Rows.read(
        connection,
        sql,
        row -> {
          lengths.add(row.getLong(1));
          if (row.getString(2) != null) {
            items.add(reader.read(row, 2));
          }
        });
    if (lengths.isEmpty()) {
      return Optional.empty();
    }
    long bytes = items.stream().mapToLong(item -> item.json().length()).sum();
    return Optional.of(new Context(Math.max(bytes, lengths.get(0)) <= mostBytes, items));
  }

  /**
   * What is stored under the id of a run.
   *
   * @param token null once it is finished
   */
  public record Stored(String token, List<Item> input) {}

  /** Finds what is stored under the id of a run, whoever stored it. */
  public static Optional<Stored> stored(Connection connection, Key response, Retained retained)
      throws SQLException {
    List<Stored> found = new ArrayList<>();
    Rows.read(
        connection,
        Sql.of(STORED, response.tenant(), response.id(), retained.responses()),
        row -> found.add(new Stored(row.getString(1), StoredItems.input(row, 2))));
    return found.stream().findAny();
  }

  /**
   * Who has a conversation.
   *
   * @param responseId null if nobody has it
   * @param itemIds which nobody else can use in it
   */
  public record Claim(String responseId, Set<String> itemIds) {

    /** Reads it of two columns. */
    static Claim of(ResultSet row, int firstColumn) throws SQLException {
      String items = row.getString(firstColumn + 1);
      return new Claim(
          row.getString(firstColumn), items == null ? Set.of() : Set.of(items.split(LINE)));
    }

    /**
     * @throws HistoryFailure.ItemAlreadyInConversation if one of the ids is taken
     */
    public void refuseTaken(List<String> ids) {
      for (String id : ids) {
        if (itemIds.contains(id)) {
          throw new HistoryFailure.ItemAlreadyInConversation(id);
        }
      }
    }
  }

  /**
   * @throws HistoryFailure.NotFound if the conversation is not in scope and retained
   */
  public static Claim claim(
      Connection connection, Scope scope, String conversationId, Retained retained)
      throws SQLException {
    List<Claim> found = new ArrayList<>();
    Rows.read(
        connection,
        Sql.of(CLAIM).then(Statements.conversationIn(scope, conversationId, retained)),
        row -> found.add(Claim.of(row, 1)));
    return found.stream()
        .findAny()
        .orElseThrow(() -> HistoryFailure.NotFound.conversation(conversationId));
  }

  /** The condition on the rows of the conversations that runs among these responses have. */
  public static Sql conversations(Scope scope, List<String> ids, Retained retained) {
    return conversations(scope, ids, Sql.of(""), retained);
  }

  private static Sql conversations(
      Scope scope, List<String> ids, Sql condition, Retained retained) {
    return Sql.of("tenant = ? AND id IN (", SearchValue.of(scope.tenant()))
        .then("SELECT conversation_id FROM responses WHERE ")
        .then(Statements.responsesIn(scope, ids, retained))
        .then(" AND server_id IS NOT NULL")
        .then(condition)
        .then(")");
  }

  /**
   * Gives the conversations of runs free that are to be deleted.
   *
   * @param condition on the rows of responses; empty, or begins with {@code AND}
   */
  public static Sql free(Scope scope, List<String> ids, Sql condition, Retained retained) {
    return Sql.of("UPDATE conversations SET run_id = NULL, run_items = NULL WHERE ")
        .then(conversations(scope, ids, condition, retained))
        .then(" AND run_id ")
        .then(Statements.among(ids));
  }

  /** Renews a lease, if the server has one. */
  public static Sql renewLease(Dialect dialect, String server, long micros) {
    return Sql.of(
        "UPDATE server_leases SET expires_at = %s + ? WHERE server = ?".formatted(dialect.now()),
        micros,
        server);
  }

  public static Sql takeLease(Dialect dialect, String server, long micros) {
    return Sql.of(
        "INSERT INTO server_leases (server, expires_at) VALUES (?, %s + ?)"
            .formatted(dialect.now()),
        server,
        micros);
  }

  /** Removes leases that have ended: no lease is as good as one of these. */
  public static Sql removeLeases(Dialect dialect) {
    return Sql.of("DELETE FROM server_leases WHERE expires_at < " + dialect.now());
  }

  public static Sql release(String server) {
    return Sql.of("UPDATE server_leases SET expires_at = 0 WHERE server = ?", server);
  }

  /** Runs of servers without a lease: tenant, id and token. */
  public static Sql abandoned(Dialect dialect, int limit) {
    return Sql.of(
        """
        SELECT r.tenant, r.id, r.run_token FROM responses r
        WHERE r.server_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM server_leases l
                        WHERE l.server = r.server_id AND l.expires_at >= %s)
        FETCH FIRST %d ROWS ONLY"""
            .formatted(dialect.now(), limit));
  }
}
