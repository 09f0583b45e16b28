package org.smg.history.storage.jpa.dialect;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.ItemIds;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Oracle 19c and later. */
public final class OracleDialect implements Dialect {

  private static final ItemStatements ITEMS = new ItemStatements(EmptyText::fromColumn);

  /**
   * Lists of values are padded to one of these lengths, so that there are few different statements
   * to parse and to cache. Oracle allows 1,000 entries.
   */
  private static final List<Integer> LIST_LENGTHS = List.of(1, 20, 100, 500);

  private static final int MAX_LIST_LENGTH = LIST_LENGTHS.get(LIST_LENGTHS.size() - 1);

  private static final String CHARACTER_SET =
      "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'";

  private static final String UNICODE = "AL32UTF8";

  private static final String RESERVE =
      """
      UPDATE conversations SET next_position = next_position + ?, updated_at = ?
      WHERE tenant = ? AND id = ?
      """;

  private static final String NEXT_POSITION =
      "SELECT next_position FROM conversations WHERE tenant = ? AND id = ?";

  /** What the conversation contains of these ids. */
  private static final String PRESENT_ITEMS =
      """
      SELECT item_id, type, json FROM items
      WHERE tenant = ? AND conversation_id = ? AND item_id IN (%s)
      """;

  /** By id the content that was stored first. */
  private static final String STORED_ITEMS =
      """
      SELECT item_id, type, json, stored_at FROM (
        SELECT copies.item_id, copies.type, copies.json, copies.stored_at,
               ROW_NUMBER() OVER (PARTITION BY copies.item_id ORDER BY copies.stored_at) AS nth
        FROM (
          SELECT item_id, type, json, stored_at
          FROM items WHERE tenant = ? AND item_id IN (%1$s) %2$s
          UNION ALL
          SELECT item_id, type, json, stored_at
          FROM response_items WHERE tenant = ? AND item_id IN (%1$s) %3$s
        ) copies
      ) WHERE nth = 1
      """;

  private static final String CONVERSATION_IN_SCOPE =
      """
      AND EXISTS (SELECT 1 FROM conversations c
                  WHERE c.tenant = items.tenant AND c.id = items.conversation_id AND c.owner = ?)""";

  private static final String RESPONSE_IN_SCOPE =
      """
      AND EXISTS (SELECT 1 FROM responses r
                  WHERE r.tenant = response_items.tenant AND r.id = response_items.response_id
                    AND r.owner = ?)""";

  /** The recursion reads ids only, because its rows cannot contain CLOBs. */
  private static final String CHAIN =
      """
      WITH chain (id, previous_response_id, depth) AS (
        SELECT id, previous_response_id, 1 FROM responses WHERE tenant = ?1 AND id = ?2
        UNION ALL
        SELECT r.id, r.previous_response_id, chain.depth + 1 FROM chain
        JOIN responses r ON r.tenant = ?1 AND r.id = chain.previous_response_id
        WHERE chain.depth < ?3
      )
      SELECT r.* FROM chain JOIN responses r ON r.tenant = ?1 AND r.id = chain.id
      ORDER BY chain.depth
      """;

  @Override
  public Map<String, String> properties() {
    return Map.of(
        "eclipselink.target-database",
        "org.eclipse.persistence.platform.database.Oracle19Platform",
        // Oracle names the columns of native queries in upper case.
        "eclipselink.jpa.uppercase-column-names",
        "true",
        "eclipselink.session.customizer",
        OracleSessionCustomizer.class.getName());
  }

  @Override
  public Scripts scripts() {
    return new Scripts(1, List.of("oracle"));
  }

  @Override
  public String driverPackage() {
    return "oracle.";
  }

  /** With another character set, Oracle replaces characters that it lacks without an error. */
  @Override
  public Optional<String> unsuitable(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(CHARACTER_SET);
        ResultSet rows = query.executeQuery()) {
      return rows.next() && !rows.getString(1).equals(UNICODE)
          ? Optional.of(
              "the database's character set is %s; it must be %s"
                  .formatted(rows.getString(1), UNICODE))
          : Optional.empty();
    }
  }

  @Override
  public ErrorKind errorKind(SQLException error) {
    return OracleErrors.kindOf(error.getErrorCode());
  }

  @Override
  public AppendContext beginAppend(
      EntityManager em,
      Scope scope,
      String conversationId,
      List<? extends ItemInput> items,
      Instant at) {
    List<Object> parameters =
        new ArrayList<>(List.of(items.size(), EpochMicros.of(at), scope.tenant(), conversationId));
    String reserve = RESERVE;
    if (scope.owner() != null) {
      reserve += " AND owner = ?";
      parameters.add(EmptyText.toColumn(scope.owner()));
    }
    try (PreparedStatement update = ItemStatements.prepare(em, reserve, parameters)) {
      if (update.executeUpdate() == 0) {
        return AppendContext.withoutConversation(Map.of());
      }
      long first = nextPosition(em, scope.key(conversationId)) - items.size();
      return new AppendContext(
          OptionalLong.of(first),
          storedItems(em, scope, AppendContext.linkedIds(items)),
          presentItems(em, scope.key(conversationId), ItemIds.of(items)));
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  private static long nextPosition(EntityManager em, Key conversation) throws SQLException {
    try (PreparedStatement query =
            ItemStatements.prepare(
                em, NEXT_POSITION, List.of(conversation.tenant(), conversation.id()));
        ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static Map<String, Item> presentItems(
      EntityManager em, Key conversation, List<String> itemIds) throws SQLException {
    Map<String, Item> present = new HashMap<>();
    for (List<Object> ids : chunks(itemIds)) {
      List<Object> parameters = new ArrayList<>(List.of(conversation.tenant(), conversation.id()));
      parameters.addAll(ids);
      String sql = PRESENT_ITEMS.formatted(placeholders(ids));
      try (PreparedStatement query = ItemStatements.prepare(em, sql, parameters);
          ResultSet rows = query.executeQuery()) {
        ITEMS.readItems(rows, present);
      }
    }
    return present;
  }

  @Override
  public Map<String, StoredItem> storedItems(EntityManager em, Scope scope, List<String> itemIds) {
    List<Object> owner =
        scope.owner() == null ? List.of() : List.of(EmptyText.toColumn(scope.owner()));
    Map<String, StoredItem> storedItems = new HashMap<>();
    for (List<Object> ids : chunks(itemIds)) {
      String sql =
          STORED_ITEMS.formatted(
              placeholders(ids),
              owner.isEmpty() ? "" : CONVERSATION_IN_SCOPE,
              owner.isEmpty() ? "" : RESPONSE_IN_SCOPE);
      List<Object> parameters = new ArrayList<>(List.of(scope.tenant()));
      parameters.addAll(ids);
      parameters.addAll(owner);
      parameters.add(scope.tenant());
      parameters.addAll(ids);
      parameters.addAll(owner);
      try (PreparedStatement query = ItemStatements.prepare(em, sql, parameters);
          ResultSet rows = query.executeQuery()) {
        ITEMS.readStoredItems(rows, storedItems);
      } catch (SQLException e) {
        throw new PersistenceException(e);
      }
    }
    return storedItems;
  }

  /** The ids in lists that a statement can take. */
  private static List<List<Object>> chunks(List<String> itemIds) {
    List<List<Object>> chunks = new ArrayList<>();
    for (int from = 0; from < itemIds.size(); from += MAX_LIST_LENGTH) {
      chunks.add(padded(itemIds.subList(from, Math.min(from + MAX_LIST_LENGTH, itemIds.size()))));
    }
    return chunks;
  }

  /** The values, with the last one repeated up to one of the lengths. */
  private static List<Object> padded(List<?> values) {
    int length = LIST_LENGTHS.stream().filter(n -> n >= values.size()).findFirst().orElseThrow();
    List<Object> padded = new ArrayList<>(values);
    padded.addAll(Collections.nCopies(length - values.size(), values.get(values.size() - 1)));
    return padded;
  }

  private static String placeholders(List<?> values) {
    return String.join(", ", Collections.nCopies(values.size(), "?"));
  }

  @Override
  public String chain() {
    return CHAIN;
  }

  @Override
  public String readJson(String column) {
    return column;
  }

  @Override
  public JsonText json(Object read) {
    return (JsonText) read;
  }
}
