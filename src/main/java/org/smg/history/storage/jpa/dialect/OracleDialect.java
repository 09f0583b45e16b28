package org.smg.history.storage.jpa;

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
import java.util.OptionalLong;
import java.util.TreeSet;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;

/** Oracle 19c and later. */
final class OracleDialect implements Dialect {

  /** The rows of item_locks. */
  private static final int STRIPES = 1024;

  /** Beyond this, a batch takes all locks: the list of them would cost more. */
  private static final int LARGEST_SET_OF_LOCKS = 256;

  /**
   * Lists are filled up to one of these lengths, so that there are few statements to parse and to
   * cache. Oracle allows 1,000 entries.
   */
  private static final List<Integer> LIST_LENGTHS = List.of(1, 20, 100, 500);

  private static final int LONGEST_LIST = LIST_LENGTHS.get(LIST_LENGTHS.size() - 1);

  static final String CHARACTER_SET =
      "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'";

  private static final String UNICODE = "AL32UTF8";

  private static final String RESERVE =
      """
      UPDATE conversations SET next_position = next_position + ?, updated_at = ?
      WHERE tenant = ? AND id = ?
      """;

  /**
   * Whoever stores content under a new id does so alone: two that did at once would each store
   * their own. Locks are taken in one order, and end with the transaction.
   */
  private static final String LOCK =
      """
      SELECT stripe,
             (SELECT next_position FROM conversations WHERE tenant = ? AND id = ?) AS next_position
      FROM item_locks %s ORDER BY stripe FOR UPDATE
      """;

  /** Of all copies of an item the first, and whether the conversation has one. */
  private static final String KNOWN =
      """
      SELECT item_id, type, json, stored_at, own FROM (
        SELECT copies.item_id, copies.type, copies.json, copies.stored_at,
               MAX(copies.own) OVER (PARTITION BY copies.item_id) AS own,
               ROW_NUMBER() OVER (PARTITION BY copies.item_id ORDER BY copies.stored_at) AS nth
        FROM (
          SELECT item_id, type, json, stored_at,
                 CASE WHEN conversation_id = ? THEN 1 ELSE 0 END AS own
          FROM items WHERE tenant = ? AND item_id IN (%1$s)
          UNION ALL
          SELECT item_id, type, json, stored_at, 0 AS own
          FROM response_items WHERE tenant = ? AND item_id IN (%1$s)
        ) copies
      ) WHERE nth = 1
      """;

  /** Walks over ids alone: a row in a recursion cannot have a CLOB. */
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
        // The names by which Oracle answers a query that is not the provider's.
        "eclipselink.jpa.uppercase-column-names",
        "true",
        "eclipselink.session.customizer",
        OracleSession.class.getName());
  }

  @Override
  public Scripts scripts() {
    return new Scripts(1, List.of("oracle"));
  }

  /** Another character set would put question marks for what it lacks, without a word. */
  @Override
  public void checkDatabase(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(CHARACTER_SET);
        ResultSet rows = query.executeQuery()) {
      if (rows.next() && !rows.getString(1).equals(UNICODE)) {
        throw new SchemaMismatch(
            "the database's character set is %s; it must be %s"
                .formatted(rows.getString(1), UNICODE));
      }
    }
  }

  @Override
  public Faults.Cure cure(SQLException error) {
    return OracleErrors.cure(error.getErrorCode());
  }

  @Override
  public Ground reserve(
      EntityManager em, Key conversation, int positions, Instant at, List<String> itemIds) {
    List<Object> parameters =
        List.of(positions, Micros.of(at), conversation.tenant(), conversation.id());
    try (PreparedStatement reserve = prepare(em, RESERVE, parameters)) {
      if (reserve.executeUpdate() == 0) {
        return new Ground(OptionalLong.empty(), Map.of());
      }
      long next = lock(em, conversation, itemIds);
      return new Ground(OptionalLong.of(next - positions), contents(em, conversation, itemIds));
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  @Override
  public Map<String, Content> known(EntityManager em, String tenant, List<String> itemIds) {
    if (itemIds.isEmpty()) {
      return Map.of();
    }
    Key none = new Key(tenant, Texts.NOWHERE);
    try {
      lock(em, none, itemIds);
      return contents(em, none, itemIds);
    } catch (SQLException e) {
      throw new PersistenceException(e);
    }
  }

  /**
   * Takes the locks of the ids; without any, one that nobody waits for long.
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
    if (stripes.size() <= LARGEST_SET_OF_LOCKS) {
      List<Object> wanted = filledUp(List.copyOf(stripes));
      condition = "WHERE stripe IN (%s)".formatted(placeholders(wanted));
      parameters.addAll(wanted);
    }
    try (PreparedStatement lock = prepare(em, LOCK.formatted(condition), parameters);
        ResultSet rows = lock.executeQuery()) {
      rows.next();
      long next = rows.getLong(2);
      while (rows.next()) {
        // Rows are locked as they are read, if not before.
      }
      return next;
    }
  }

  private static int stripe(String tenant, String id) {
    return Math.floorMod((tenant + '\n' + id).hashCode(), STRIPES);
  }

  private static Map<String, Content> contents(
      EntityManager em, Key conversation, List<String> itemIds) throws SQLException {
    Map<String, Content> contents = new HashMap<>();
    for (int from = 0; from < itemIds.size(); from += LONGEST_LIST) {
      List<Object> ids =
          filledUp(itemIds.subList(from, Math.min(from + LONGEST_LIST, itemIds.size())));
      List<Object> parameters = new ArrayList<>(List.of(conversation.id(), conversation.tenant()));
      parameters.addAll(ids);
      parameters.add(conversation.tenant());
      parameters.addAll(ids);
      try (PreparedStatement known = prepare(em, KNOWN.formatted(placeholders(ids)), parameters);
          ResultSet rows = known.executeQuery()) {
        while (rows.next()) {
          Item item =
              new Item(
                  rows.getString(1),
                  EmptyText.read(rows.getString(2)),
                  JsonText.of(rows.getString(3)));
          contents.put(item.id(), new Content(item, rows.getLong(4), rows.getInt(5) == 1));
        }
      }
    }
    return contents;
  }

  /** The values, the last one repeated. */
  private static List<Object> filledUp(List<?> values) {
    int length = LIST_LENGTHS.stream().filter(n -> n >= values.size()).findFirst().orElseThrow();
    List<Object> filled = new ArrayList<>(values);
    filled.addAll(Collections.nCopies(length - values.size(), values.get(values.size() - 1)));
    return filled;
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
