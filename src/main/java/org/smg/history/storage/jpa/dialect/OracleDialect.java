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
import java.util.TreeSet;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.SearchValue;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Oracle 19c and later. */
public final class OracleDialect implements Dialect {

  /** The number of rows of item_locks; each stands for many ids. */
  private static final int STRIPES = 1024;

  /** A batch that needs more of the locks takes all of them, which costs less than naming each. */
  private static final int MAX_STRIPES = 256;

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

  /**
   * Locks on the ids, until the end of the transaction: of two transactions that store content
   * under the same new id at once, the second must find what the first one stored. They are taken
   * in one order, so that two batches cannot deadlock.
   */
  private static final String LOCK =
      """
      SELECT stripe,
             (SELECT next_position FROM conversations WHERE tenant = ? AND id = ?) AS next_position
      FROM item_locks %s ORDER BY stripe FOR UPDATE
      """;

  /** By id the content that was stored first, and whether the conversation contains the id. */
  private static final String STORED_ITEMS =
      """
      SELECT item_id, type, json, stored_at, in_conversation FROM (
        SELECT copies.item_id, copies.type, copies.json, copies.stored_at,
               MAX(copies.in_conversation) OVER (PARTITION BY copies.item_id) AS in_conversation,
               ROW_NUMBER() OVER (PARTITION BY copies.item_id ORDER BY copies.stored_at) AS nth
        FROM (
          SELECT item_id, type, json, stored_at,
                 CASE WHEN conversation_id = ? THEN 1 ELSE 0 END AS in_conversation
          FROM items WHERE tenant = ? AND item_id IN (%1$s) %2$s
          UNION ALL
          SELECT item_id, type, json, stored_at, 0 AS in_conversation
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
      int positions,
      Instant at,
      List<String> itemIds) {
    Key conversation = scope.key(conversationId);
    List<Object> parameters =
        new ArrayList<>(List.of(positions, EpochMicros.of(at), scope.tenant(), conversationId));
    String reserve = RESERVE;
    if (scope.owner() != null) {
      reserve += " AND owner = ?";
      parameters.add(EmptyText.toColumn(scope.owner()));
    }
    try (PreparedStatement update = prepare(em, reserve, parameters)) {
      if (update.executeUpdate() == 0) {
        return AppendContext.withoutConversation(Map.of());
      }
      long next = lock(em, conversation, itemIds);
      return new AppendContext(
          OptionalLong.of(next - positions), storedItems(em, scope, conversationId, itemIds));
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  @Override
  public Map<String, StoredItem> lockItems(EntityManager em, Scope scope, List<String> itemIds) {
    if (itemIds.isEmpty()) {
      return Map.of();
    }
    try {
      lock(em, scope.key(SearchValue.MATCHES_NOTHING), itemIds);
      return storedItems(em, scope, SearchValue.MATCHES_NOTHING, itemIds);
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  /**
   * Locks the ids. Without ids it locks the row of the conversation's own id, because the query
   * that reads the position needs a row.
   *
   * @return the conversation's next position, or 0 if there is no such conversation
   */
  private static long lock(EntityManager em, Key conversation, List<String> itemIds)
      throws SQLException {
    TreeSet<Object> stripes = new TreeSet<>();
    itemIds.forEach(id -> stripes.add(stripe(conversation.tenant(), id)));
    if (stripes.isEmpty()) {
      stripes.add(stripe(conversation.tenant(), conversation.id()));
    }
    List<Object> parameters = new ArrayList<>(List.of(conversation.tenant(), conversation.id()));
    String condition = "";
    if (stripes.size() <= MAX_STRIPES) {
      List<Object> padded = padded(List.copyOf(stripes));
      condition = "WHERE stripe IN (%s)".formatted(placeholders(padded));
      parameters.addAll(padded);
    }
    try (PreparedStatement lock = prepare(em, LOCK.formatted(condition), parameters);
        ResultSet rows = lock.executeQuery()) {
      rows.next();
      long next = rows.getLong(2);
      while (rows.next()) {
        // A row may be locked only when it is read.
      }
      return next;
    }
  }

  private static int stripe(String tenant, String id) {
    return Math.floorMod((tenant + '\n' + id).hashCode(), STRIPES);
  }

  private static Map<String, StoredItem> storedItems(
      EntityManager em, Scope scope, String conversationId, List<String> itemIds)
      throws SQLException {
    List<Object> owner =
        scope.owner() == null ? List.of() : List.of(EmptyText.toColumn(scope.owner()));
    Map<String, StoredItem> storedItems = new HashMap<>();
    for (int from = 0; from < itemIds.size(); from += MAX_LIST_LENGTH) {
      List<Object> ids =
          padded(itemIds.subList(from, Math.min(from + MAX_LIST_LENGTH, itemIds.size())));
      String sql =
          STORED_ITEMS.formatted(
              placeholders(ids),
              owner.isEmpty() ? "" : CONVERSATION_IN_SCOPE,
              owner.isEmpty() ? "" : RESPONSE_IN_SCOPE);
      List<Object> parameters = new ArrayList<>(List.of(conversationId, scope.tenant()));
      parameters.addAll(ids);
      parameters.addAll(owner);
      parameters.add(scope.tenant());
      parameters.addAll(ids);
      parameters.addAll(owner);
      try (PreparedStatement query = prepare(em, sql, parameters);
          ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          Item item =
              new Item(
                  rows.getString(1),
                  EmptyText.fromColumn(rows.getString(2)),
                  JsonText.of(rows.getString(3)));
          storedItems.put(item.id(), new StoredItem(item, rows.getLong(4), rows.getInt(5) == 1));
        }
      }
    }
    return storedItems;
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

  private static PreparedStatement prepare(EntityManager em, String sql, List<Object> parameters)
      throws SQLException {
    PreparedStatement statement = em.unwrap(Connection.class).prepareStatement(sql);
    for (int i = 0; i < parameters.size(); i++) {
      statement.setObject(i + 1, parameters.get(i));
    }
    return statement;
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
