package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Each write is one round trip. */
final class PostgresRuns implements RunDialect {

  private static final String CLAIM =
      """
       AND run_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM items i
                      WHERE i.tenant = ? AND i.conversation_id = ? AND i.item_id = ANY (?))
      AND (SELECT coalesce(sum(octet_length(i.json)), 0) FROM items i
           WHERE i.tenant = ? AND i.conversation_id = ?) <= ?
      RETURNING id""";

  private static final String CONTEXT =
      """
      SELECT item_id, type, json FROM items
      WHERE tenant = ? AND conversation_id = ?
      AND EXISTS (SELECT 1 FROM responses WHERE tenant = ? AND id = ? AND run_token = ?)
      ORDER BY position""";

  private static final String NO_CONVERSATION =
      "SELECT CAST(0 AS bigint) AS first, CAST(NULL AS varchar) AS owner WHERE false";

  private static final String LEAVE =
      """
       WHERE tenant = ? AND id = ? AND run_id = ?
      AND EXISTS (SELECT 1 FROM responses r WHERE r.tenant = ? AND r.id = ? AND r.run_token = ?)
      RETURNING next_position - ? AS first, owner""";

  /** It looks at the conversation before it locks the response, and so locks it second. */
  private static final String REPLACE =
      """
      UPDATE responses SET %s, server_id = NULL, run_token = NULL
      FROM (SELECT tenant, id, octet_length(json) AS bytes FROM responses
            WHERE tenant = ? AND id = ?) prompt
      WHERE responses.tenant = prompt.tenant AND responses.id = prompt.id
      AND responses.run_token = ? AND (SELECT count(*) FROM conversation) >= 0
      RETURNING prompt.bytes""";

  /** Items of the input keep the times that were noted at the beginning. */
  private static final String APPENDED =
      """
      INSERT INTO items
        (tenant, conversation_id, position, item_id, type, owner, response_id, stored_at, json)
      SELECT ?, ?, conversation.first + item.nth - 1, item.id, item.type,
             NULLIF(?, conversation.owner), ?,
             coalesce((SELECT n.stored_at FROM response_item_ids n
                       WHERE n.tenant = ? AND n.item_id = item.id AND n.response_id = ?),
                      item.stored_at),
             item.json
      FROM run, conversation,
           unnest(?, ?, ?, ?) WITH ORDINALITY AS item (id, type, stored_at, json, nth)""";

  private static final String LINKABLE =
      """
      INSERT INTO response_item_ids (tenant, item_id, response_id, stored_at)
      SELECT ?, item.id, ?, item.stored_at FROM run, unnest(?, ?) AS item (id, stored_at)
      %s
      ON CONFLICT DO NOTHING""";

  @Override
  public Optional<List<Item>> begin(
      Connection connection, Scope scope, Beginning beginning, Retained retained)
      throws SQLException {
    StoredResponse prompt = beginning.prompt().response();
    List<Sql> parts = new ArrayList<>();
    beginning
        .once()
        .ifPresent(
            record ->
                parts.add(IdempotencyKeys.insertFrom("conversation", scope.tenant(), record)));
    parts.addAll(PostgresDialect.keys(beginning.prompt()));
    parts.add(PostgresDialect.response(RunStatements.prompt(beginning)));
    if (prompt.conversationId() == null) {
      PostgresDialect.update(connection, PostgresDialect.together(Sql.of("SELECT 1"), parts));
      return Optional.of(List.of());
    }
    // Locked by a statement before, so that the claim sees all that others have written to it.
    Sql lock =
        Sql.of("SELECT 1 FROM conversations WHERE ")
            .then(Statements.conversationIn(scope, prompt.conversationId(), retained))
            .then(" FOR UPDATE");
    Sql claim = PostgresDialect.together(claim(scope, beginning, retained), parts);
    Sql context =
        Sql.of(
            CONTEXT,
            scope.tenant(),
            prompt.conversationId(),
            scope.tenant(),
            prompt.key().id(),
            beginning.token());
    return begin(connection, Sql.joined(List.of(lock, claim, context)));
  }

  private static Sql claim(Scope scope, Beginning beginning, Retained retained) {
    StoredResponse prompt = beginning.prompt().response();
    List<String> ids = Statements.ids(beginning.prompt().others());
    return Sql.of(
            "UPDATE conversations SET run_id = ?, run_items = ? WHERE ",
            prompt.key().id(),
            RunStatements.lines(ids))
        .then(Statements.conversationIn(scope, prompt.conversationId(), retained))
        .then(
            CLAIM,
            scope.tenant(),
            prompt.conversationId(),
            PostgresDialect.array(ids),
            scope.tenant(),
            prompt.conversationId(),
            beginning.mostBytes());
  }

  private static Optional<List<Item>> begin(Connection connection, Sql lockClaimAndContext)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(lockClaimAndContext.text())) {
      lockClaimAndContext.bind(statement);
      statement.execute();
      statement.getMoreResults();
      boolean begun = statement.getUpdateCount() > 0;
      statement.getMoreResults();
      List<Item> items = new ArrayList<>();
      try (ResultSet rows = statement.getResultSet()) {
        while (begun && rows.next()) {
          items.add(item(rows, 1));
        }
      }
      return begun ? Optional.of(items) : Optional.empty();
    }
  }

  @Override
  public Optional<Finished> finish(
      Connection connection, String token, FinishedTurn turn, Instant at) throws SQLException {
    Sql named =
        Sql.of("WITH conversation AS (")
            .then(leave(token, turn, at))
            .then("), run AS (")
            .then(replace(token, turn.response()))
            .then(")");
    List<Sql> parts = new ArrayList<>();
    if (turn.appends()) {
      parts.add(appended(turn));
      parts.add(linkable(turn, turn.output(), "WHERE NOT EXISTS (SELECT 1 FROM conversation)"));
    }
    parts.add(linkable(turn, turn.others(), ""));
    parts.add(Sql.of("SELECT bytes, (SELECT count(*) FROM conversation) FROM run"));
    List<Finished> finished = new ArrayList<>();
    Rows.read(
        connection,
        PostgresDialect.continued(named, parts),
        row -> finished.add(new Finished(row.getLong(1), row.getInt(2) > 0)));
    return finished.stream().findAny();
  }

  private static Sql leave(String token, FinishedTurn turn, Instant at) {
    Key key = turn.response().key();
    if (turn.response().conversationId() == null) {
      return Sql.of(NO_CONVERSATION);
    }
    long positions = turn.appended().size();
    Sql free = Sql.of("UPDATE conversations SET run_id = NULL, run_items = NULL");
    Sql changed =
        turn.appends()
            ? free.then(
                ", next_position = next_position + ?, updated_at = ?",
                positions,
                EpochMicros.of(at))
            : free;
    return changed.then(
        LEAVE,
        key.tenant(),
        turn.response().conversationId(),
        key.id(),
        key.tenant(),
        key.id(),
        token,
        positions);
  }

  private static Sql replace(String token, StoredResponse response) {
    Map<String, Object> outcome = Statements.outcome(response);
    return Sql.of(
            REPLACE.formatted(String.join(" = ?, ", outcome.keySet()) + " = ?"),
            outcome.values().toArray())
        .then("", response.key().tenant(), response.key().id(), token);
  }

  private static Sql appended(FinishedTurn turn) {
    StoredResponse response = turn.response();
    Key key = response.key();
    return Sql.of(
            APPENDED,
            key.tenant(),
            response.conversationId(),
            Sql.text(response.owner()),
            key.id(),
            key.tenant(),
            key.id())
        .then("", PostgresDialect.columns(turn.appended()));
  }

  private static Sql linkable(FinishedTurn turn, List<StoredItem> items, String condition) {
    Key key = turn.response().key();
    return Sql.of(
        LINKABLE.formatted(condition),
        key.tenant(),
        key.id(),
        PostgresDialect.array(Statements.ids(items)),
        PostgresDialect.times(items));
  }

  @Override
  public Optional<List<Item>> context(
      Connection connection, Scope scope, String conversationId, long mostBytes, Retained retained)
      throws SQLException {
    return RunStatements.context(
            connection,
            scope,
            conversationId,
            mostBytes,
            retained,
            "octet_length(json)",
            PostgresRuns::item)
        .map(context -> context.within(mostBytes));
  }

  /** The driver answers a text's bytes as they came. */
  private static Item item(ResultSet row, int firstColumn) throws SQLException {
    return new Item(
        row.getString(firstColumn),
        row.getString(firstColumn + 1),
        JsonText.ofUtf8(row.getBytes(firstColumn + 2)));
  }
}
