package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.jpa.dialect.OracleDialect.LockedConversation;
import org.smg.history.storage.jpa.dialect.RunStatements.Context;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Locks the conversation first, so that the statements behind see all that was written to it. */
final class OracleRuns implements RunDialect {

  private static final String CLAIM =
      "UPDATE conversations SET run_id = ?, run_items = ? WHERE tenant = ? AND id = ?";

  private static final String LEAVE =
      "UPDATE conversations SET run_id = NULL, run_items = NULL WHERE tenant = ? AND id = ?";

  private static final String APPEND =
      """
      UPDATE conversations
      SET run_id = NULL, run_items = NULL, next_position = next_position + ?, updated_at = ?
      WHERE tenant = ? AND id = ?""";

  private static final String PROMPT =
      "SELECT LENGTH(json) FROM responses WHERE tenant = ? AND id = ? AND run_token = ? FOR UPDATE";

  private static final String REPLACE =
      "UPDATE responses SET %s, server_id = NULL, run_token = NULL WHERE tenant = ? AND id = ?";

  /** Items of the input keep the times that were noted at the beginning. */
  private static final String STORED_AT =
      "SELECT item_id, stored_at FROM response_item_ids WHERE tenant = ? AND response_id = ?";

  @Override
  public Optional<List<Item>> begin(
      Connection connection, Scope scope, Beginning beginning, Retained retained)
      throws SQLException {
    StoredResponse prompt = beginning.prompt().response();
    return Transaction.run(
        connection,
        () -> {
          Optional<List<Item>> context =
              prompt.conversationId() == null
                  ? Optional.of(List.of())
                  : claimed(connection, scope, beginning, retained);
          if (context.isPresent()) {
            List<Sql> statements = new ArrayList<>();
            statements.add(OracleDialect.response(RunStatements.prompt(beginning)));
            statements.addAll(OracleDialect.keys(beginning.prompt()));
            beginning
                .once()
                .ifPresent(
                    record -> statements.add(IdempotencyKeys.insert(scope.tenant(), record)));
            OracleDialect.execute(connection, statements);
          }
          return context;
        });
  }

  private static Optional<List<Item>> claimed(
      Connection connection, Scope scope, Beginning beginning, Retained retained)
      throws SQLException {
    StoredResponse prompt = beginning.prompt().response();
    Key conversation = scope.key(prompt.conversationId());
    List<String> ids = Statements.ids(beginning.prompt().others());
    boolean free =
        OracleDialect.lock(
                connection, Statements.conversationIn(scope, conversation.id(), retained))
            .filter(locked -> locked.claim().responseId() == null)
            .isPresent();
    if (!free || !StoredItems.inConversation(connection, conversation, ids).isEmpty()) {
      return Optional.empty();
    }
    Optional<Context> context =
        read(connection, scope, conversation.id(), beginning.mostBytes(), retained)
            .filter(Context::whole);
    if (context.isPresent()) {
      OracleDialect.execute(
          connection,
          List.of(
              Sql.of(
                  CLAIM,
                  prompt.key().id(),
                  RunStatements.lines(ids),
                  conversation.tenant(),
                  conversation.id())));
    }
    return context.map(Context::items);
  }

  @Override
  public Optional<Finished> finish(
      Connection connection, String token, FinishedTurn turn, Instant at) throws SQLException {
    StoredResponse response = turn.response();
    Key key = response.key();
    return Transaction.run(
        connection,
        () -> {
          Optional<LockedConversation> conversation =
              OracleDialect.lock(
                  connection,
                  Sql.of(
                      "tenant = ? AND id = ? AND run_id = ?",
                      key.tenant(),
                      Sql.text(response.conversationId()),
                      key.id()));
          List<String> lengths =
              Rows.texts(connection, Sql.of(PROMPT, key.tenant(), key.id(), token));
          if (lengths.isEmpty()) {
            return Optional.empty();
          }
          Map<String, Long> known = new HashMap<>();
          Rows.read(
              connection,
              Sql.of(STORED_AT, key.tenant(), key.id()),
              row -> known.put(row.getString(1), row.getLong(2)));
          List<Sql> statements = new ArrayList<>(conversation(conversation, turn, known, at));
          statements.add(replace(response));
          statements.addAll(linkable(conversation, turn, known));
          OracleDialect.execute(connection, statements);
          return Optional.of(
              new Finished(Long.parseLong(lengths.get(0)), conversation.isPresent()));
        });
  }

  private static List<Sql> conversation(
      Optional<LockedConversation> locked, FinishedTurn turn, Map<String, Long> known, Instant at) {
    if (locked.isEmpty()) {
      return List.of();
    }
    Key conversation = new Key(turn.response().key().tenant(), turn.response().conversationId());
    if (!turn.appends()) {
      return List.of(Sql.of(LEAVE, conversation.tenant(), conversation.id()));
    }
    List<StoredItem> items =
        turn.appended().stream()
            .map(
                item ->
                    new StoredItem(
                        item.item(), known.getOrDefault(item.item().id(), item.storedAt())))
            .toList();
    List<Sql> statements = new ArrayList<>();
    statements.add(
        Sql.of(
            APPEND,
            (long) items.size(),
            EpochMicros.of(at),
            conversation.tenant(),
            conversation.id()));
    statements.addAll(locked.get().items(conversation, turn.response(), items));
    return statements;
  }

  private static Sql replace(StoredResponse response) {
    Map<String, Object> outcome = Statements.outcome(response);
    return Sql.of(
            REPLACE.formatted(String.join(" = ?, ", outcome.keySet()) + " = ?"),
            outcome.values().toArray())
        .then("", response.key().tenant(), response.key().id());
  }

  /** The items that the response has alone, but for those that came with the input. */
  private static List<Sql> linkable(
      Optional<LockedConversation> conversation, FinishedTurn turn, Map<String, Long> known) {
    List<StoredItem> alone = new ArrayList<>(turn.others());
    if (conversation.isEmpty()) {
      alone.addAll(turn.output());
    }
    return alone.stream()
        .filter(item -> !known.containsKey(item.item().id()))
        .map(item -> OracleDialect.linkable(turn.response().key(), item))
        .toList();
  }

  @Override
  public Optional<List<Item>> context(
      Connection connection, Scope scope, String conversationId, long mostBytes, Retained retained)
      throws SQLException {
    return read(connection, scope, conversationId, mostBytes, retained)
        .map(context -> context.within(mostBytes));
  }

  /** LENGTH counts units of UTF-16, of which a text has at most as many as bytes. */
  private static Optional<Context> read(
      Connection connection, Scope scope, String conversationId, long mostBytes, Retained retained)
      throws SQLException {
    return RunStatements.context(
        connection, scope, conversationId, mostBytes, retained, "LENGTH(json)", OracleRuns::item);
  }

  private static Item item(ResultSet row, int firstColumn) throws SQLException {
    return new Item(
        row.getString(firstColumn),
        row.getString(firstColumn + 1),
        JsonText.of(row.getString(firstColumn + 2)));
  }
}
