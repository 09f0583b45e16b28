package org.smg.history.storage.jpa.dialect;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.JsonText;
import org.smg.history.model.Scope;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.StoredItem;

/** PostgreSQL 12 and later. */
public final class PostgresDialect implements Dialect {

  private static final ItemStatements ITEMS = new ItemStatements(UnaryOperator.identity());

  /** Unique violation; foreign key violation. */
  private static final Set<String> KEY_VIOLATIONS = Set.of("23505", "23503");

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** The class of serialization failures and deadlocks. */
  private static final String TRANSACTION_ROLLBACK = "40";

  /** The class of too many connections, too little memory, a full disk. */
  private static final String INSUFFICIENT_RESOURCES = "53";

  /** A lock that was not released in time; a statement that was cancelled. */
  private static final Set<String> TIMEOUTS = Set.of("55P03", "57014");

  /** The classes: not supported, cardinality, data, integrity, syntax or access. */
  private static final Set<String> PROGRAM_ERRORS = Set.of("0A", "21", "22", "23", "42");

  private static final int CLASS_LENGTH = 2;

  private static final String RESERVE =
      """
      UPDATE conversations SET next_position = next_position + ?, updated_at = ?
      WHERE tenant = ? AND id = ? %s
      RETURNING next_position - ?;
      """;

  /** What the conversation contains of these ids. */
  private static final String PRESENT_ITEMS =
      """
      SELECT item_id, type, json FROM items
      WHERE tenant = ? AND conversation_id = ? AND item_id = ANY (CAST(? AS text[]));
      """;

  /** By id the content that was stored first. */
  private static final String STORED_ITEMS =
      """
      SELECT content.item_id, content.type, content.json, content.stored_at
      FROM (SELECT CAST(? AS text), CAST(? AS text), unnest(CAST(? AS text[])))
           AS searched (tenant, owner, id)
      CROSS JOIN LATERAL (
        SELECT * FROM (
          (SELECT item_id, type, json, stored_at FROM items
           WHERE tenant = searched.tenant AND item_id = searched.id %s
           ORDER BY stored_at LIMIT 1)
          UNION ALL
          (SELECT item_id, type, json, stored_at FROM response_items
           WHERE tenant = searched.tenant AND item_id = searched.id %s
           ORDER BY stored_at LIMIT 1)
        ) AS copies
        ORDER BY stored_at LIMIT 1
      ) AS content
      """;

  private static final String CONVERSATION_IN_SCOPE =
      """
      AND EXISTS (SELECT 1 FROM conversations AS c
                  WHERE c.tenant = items.tenant AND c.id = items.conversation_id
                    AND c.owner = searched.owner)""";

  private static final String RESPONSE_IN_SCOPE =
      """
      AND EXISTS (SELECT 1 FROM responses AS r
                  WHERE r.tenant = response_items.tenant AND r.id = response_items.response_id
                    AND r.owner = searched.owner)""";

  private static final String CHAIN =
      """
      WITH RECURSIVE chain AS (
        SELECT r.*, 1 AS depth FROM responses AS r WHERE r.tenant = ?1 AND r.id = ?2
        UNION ALL
        SELECT r.*, chain.depth + 1 FROM chain
        JOIN responses AS r ON r.tenant = ?1 AND r.id = chain.previous_response_id
        WHERE chain.depth < ?3
      )
      SELECT * FROM chain ORDER BY depth
      """;

  @Override
  public Map<String, String> properties() {
    return Map.of(
        "eclipselink.target-database",
        "org.eclipse.persistence.platform.database.PostgreSQLPlatform",
        "eclipselink.session.customizer",
        NoRetrySessionCustomizer.class.getName());
  }

  @Override
  public String driverPackage() {
    return "org.postgresql.";
  }

  /** PostgreSQL refuses characters that its encoding lacks, so that nothing is stored wrongly. */
  @Override
  public Optional<String> unsuitable(Connection connection) {
    return Optional.empty();
  }

  @Override
  public ErrorKind errorKind(SQLException error) {
    String state = error.getSQLState();
    if (state == null || state.length() < CLASS_LENGTH) {
      return ErrorKind.UNAVAILABLE;
    }
    String category = state.substring(0, CLASS_LENGTH);
    if (KEY_VIOLATIONS.contains(state)) {
      return ErrorKind.KEY_VIOLATION;
    }
    if (state.equals(INSUFFICIENT_PRIVILEGE)) {
      return ErrorKind.NOT_PERMITTED;
    }
    if (category.equals(TRANSACTION_ROLLBACK)) {
      return ErrorKind.RETRYABLE;
    }
    if (category.equals(INSUFFICIENT_RESOURCES) || TIMEOUTS.contains(state)) {
      return ErrorKind.BUSY;
    }
    return PROGRAM_ERRORS.contains(category) ? ErrorKind.PROGRAM_ERROR : ErrorKind.UNAVAILABLE;
  }

  @Override
  public Scripts scripts() {
    return new Scripts(1, List.of("postgres"));
  }

  /**
   * Three statements in one round trip, of which the first one waits for the conversation's lock.
   */
  @Override
  public AppendContext beginAppend(
      EntityManager em,
      Scope scope,
      String conversationId,
      List<? extends ItemInput> items,
      Instant at) {
    List<Object> parameters =
        new ArrayList<>(List.of(items.size(), EpochMicros.of(at), scope.tenant(), conversationId));
    if (scope.owner() != null) {
      parameters.add(scope.owner());
    }
    parameters.add((long) items.size());
    parameters.addAll(List.of(scope.tenant(), conversationId, array(ItemIds.of(items))));
    parameters.addAll(searched(scope, AppendContext.linkedIds(items)));
    String reserve = RESERVE.formatted(scope.owner() == null ? "" : "AND owner = ?");
    try (PreparedStatement statement =
        ItemStatements.prepare(em, reserve + PRESENT_ITEMS + storedItems(scope), parameters)) {
      statement.execute();
      OptionalLong first = first(statement.getResultSet());
      statement.getMoreResults();
      Map<String, Item> present = new HashMap<>();
      ITEMS.readItems(statement.getResultSet(), present);
      statement.getMoreResults();
      Map<String, StoredItem> linked = new HashMap<>();
      ITEMS.readStoredItems(statement.getResultSet(), linked);
      return new AppendContext(first, linked, present);
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  @Override
  public Map<String, StoredItem> storedItems(EntityManager em, Scope scope, List<String> itemIds) {
    if (itemIds.isEmpty()) {
      return Map.of();
    }
    try (PreparedStatement statement =
            ItemStatements.prepare(em, storedItems(scope), searched(scope, itemIds));
        ResultSet rows = statement.executeQuery()) {
      Map<String, StoredItem> stored = new HashMap<>();
      ITEMS.readStoredItems(rows, stored);
      return stored;
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  private static String storedItems(Scope scope) {
    return scope.owner() == null
        ? STORED_ITEMS.formatted("", "")
        : STORED_ITEMS.formatted(CONVERSATION_IN_SCOPE, RESPONSE_IN_SCOPE);
  }

  private static List<Object> searched(Scope scope, List<String> itemIds) {
    return Arrays.asList(scope.tenant(), scope.owner(), array(itemIds));
  }

  private static String[] array(List<String> itemIds) {
    return itemIds.toArray(String[]::new);
  }

  private static OptionalLong first(ResultSet rows) throws SQLException {
    return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
  }

  @Override
  public String chain() {
    return CHAIN;
  }

  /**
   * As bytes in UTF-8, which is what clients get: to decode them into a string and encode it again
   * would cost more than the rest of a page.
   */
  @Override
  public String readJson(String column) {
    return "FUNCTION('convert_to', %s, 'UTF8')".formatted(column);
  }

  @Override
  public JsonText json(Object read) {
    return JsonText.ofUtf8((byte[]) read);
  }
}
