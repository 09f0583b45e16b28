package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;

/** PostgreSQL 12 and later. */
final class PostgresDialect implements Dialect {

  private static final String UNIQUE_VIOLATION = "23505";

  /** A row that is referred to was deleted meanwhile. */
  private static final String FOREIGN_KEY_VIOLATION = "23503";

  private static final String NOT_ALLOWED = "42501";

  /** Serialization failure, deadlock. */
  private static final String ROLLED_BACK = "40";

  /** Not supported, cardinality, data, integrity, syntax or access. */
  private static final Set<String> OWN_FAULTS = Set.of("0A", "21", "22", "23", "42");

  private static final int CLASS_LENGTH = 2;

  /** Beyond this, a batch takes one lock for all ids of the tenant. */
  private static final int LARGEST_SET_OF_LOCKS = 256;

  private static final String RESERVE =
      """
      UPDATE conversations SET next_position = next_position + ?, updated_at = ?
      WHERE tenant = ? AND id = ?
      RETURNING next_position - ?;
      """;

  /**
   * Whoever stores content under a new id does so alone: two that did at once would each store
   * their own. Locks are taken in one order, and end with the transaction.
   */
  private static final String LOCK_IDS =
      """
      SELECT pg_advisory_xact_lock_shared(hashtextextended('history ' || wanted.tenant, 0)),
             (SELECT COUNT(pg_advisory_xact_lock(keys.key)) FROM (
                SELECT DISTINCT hashtextextended('history ' || wanted.tenant || ' ' || ids.id, 0)
                FROM unnest(wanted.ids) AS ids (id) ORDER BY 1) AS keys (key))
      FROM (SELECT CAST(? AS text), CAST(? AS text[])) AS wanted (tenant, ids);
      """;

  private static final String LOCK_ALL_IDS =
      """
      SELECT pg_advisory_xact_lock(hashtextextended('history ' || wanted.tenant, 0)), wanted.ids
      FROM (SELECT CAST(? AS text), CAST(? AS text[])) AS wanted (tenant, ids);
      """;

  private static final String KNOWN =
      """
      SELECT content.item_id, content.type, content.json, content.stored_at,
             EXISTS (SELECT 1 FROM items AS own
                     WHERE own.tenant = wanted.tenant AND own.item_id = wanted.id
                       AND own.conversation_id = wanted.conversation_id)
      FROM (SELECT CAST(? AS text), CAST(? AS text), unnest(CAST(? AS text[])))
           AS wanted (tenant, conversation_id, id)
      CROSS JOIN LATERAL (
        SELECT * FROM (
          (SELECT item_id, type, json, stored_at FROM items
           WHERE tenant = wanted.tenant AND item_id = wanted.id ORDER BY stored_at LIMIT 1)
          UNION ALL
          (SELECT item_id, type, json, stored_at FROM response_items
           WHERE tenant = wanted.tenant AND item_id = wanted.id ORDER BY stored_at LIMIT 1)
        ) AS copies
        ORDER BY stored_at LIMIT 1
      ) AS content
      """;

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
        OneAttempt.class.getName());
  }

  /** PostgreSQL refuses what it cannot keep. */
  @Override
  public void checkDatabase(Connection connection) {}

  @Override
  public Faults.Cure cure(SQLException error) {
    String state = error.getSQLState();
    if (state == null || state.length() < CLASS_LENGTH) {
      return Faults.Cure.WAIT;
    }
    if (state.equals(UNIQUE_VIOLATION) || state.equals(FOREIGN_KEY_VIOLATION)) {
      return Faults.Cure.LOOK_AGAIN;
    }
    if (state.equals(NOT_ALLOWED)) {
      return Faults.Cure.GRANT;
    }
    String category = state.substring(0, CLASS_LENGTH);
    if (category.equals(ROLLED_BACK)) {
      return Faults.Cure.RETRY;
    }
    return OWN_FAULTS.contains(category) ? Faults.Cure.NONE : Faults.Cure.WAIT;
  }

  @Override
  public Scripts scripts() {
    return new Scripts(1, List.of("postgres"));
  }

  @Override
  public Ground reserve(
      EntityManager em, Key conversation, int positions, Instant at, List<String> itemIds) {
    List<Object> parameters =
        List.of(
            positions, Micros.of(at), conversation.tenant(), conversation.id(), (long) positions);
    return ground(em, RESERVE, parameters, conversation, itemIds);
  }

  @Override
  public Map<String, Content> known(EntityManager em, String tenant, List<String> itemIds) {
    return itemIds.isEmpty()
        ? Map.of()
        : ground(em, "", List.of(), new Key(tenant, ""), itemIds).known();
  }

  /**
   * Several statements in one round trip. Each sees what was committed before it began, so that the
   * last one sees what the locks were waited for.
   */
  private static Ground ground(
      EntityManager em,
      String reserve,
      List<Object> reserveParameters,
      Key conversation,
      List<String> itemIds) {
    String lock = itemIds.size() > LARGEST_SET_OF_LOCKS ? LOCK_ALL_IDS : LOCK_IDS;
    String[] ids = itemIds.toArray(String[]::new);
    List<Object> parameters = new ArrayList<>(reserveParameters);
    parameters.addAll(List.of(conversation.tenant(), ids));
    parameters.addAll(List.of(conversation.tenant(), conversation.id(), ids));
    try (PreparedStatement statement =
        em.unwrap(Connection.class).prepareStatement(reserve + lock + KNOWN)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      statement.execute();
      OptionalLong first = OptionalLong.empty();
      if (!reserve.isEmpty()) {
        first = first(statement.getResultSet());
        statement.getMoreResults();
      }
      statement.getMoreResults();
      return new Ground(first, contents(statement.getResultSet()));
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  private static OptionalLong first(ResultSet rows) throws SQLException {
    return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
  }

  private static Map<String, Content> contents(ResultSet rows) throws SQLException {
    Map<String, Content> contents = new HashMap<>();
    while (rows.next()) {
      Item item = new Item(rows.getString(1), rows.getString(2), JsonText.of(rows.getString(3)));
      contents.put(item.id(), new Content(item, rows.getLong(4), rows.getBoolean(5)));
    }
    return contents;
  }

  @Override
  public String chain() {
    return CHAIN;
  }

  /** As bytes: to make a string of them and bytes again would cost more than all the rest. */
  @Override
  public String readJson(String column) {
    return "FUNCTION('convert_to', %s, 'UTF8')".formatted(column);
  }

  @Override
  public JsonText json(Object read) {
    return JsonText.ofUtf8((byte[]) read);
  }
}
