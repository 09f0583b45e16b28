package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.smg.history.model.Conversation;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.LabelDigests;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Oracle 19c and later. */
public final class OracleDialect implements Dialect {

  private static final Set<String> CLOBS = Set.of("metadata", "input_items", "input", "json");

  private static final String CHARACTER_SET =
      "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'";

  /** Tables with content for which no policy holds, or the privilege that lifts all policies. */
  private static final String NOT_COVERED =
      """
      SELECT 'the table ' || t.table_name FROM all_tables t
      WHERE t.owner = SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')
        AND t.table_name NOT IN ('HISTORY_SCHEMA', 'FLYWAY_SCHEMA_HISTORY', 'flyway_schema_history', 'TENANTS', 'PURGE_LEASE', 'SERVER_LEASES')
        AND NOT EXISTS (
          SELECT 1 FROM all_policies p
          WHERE p.object_owner = t.owner AND p.object_name = t.table_name
            AND p.policy_name = 'HISTORY_TENANT' AND p.enable = 'YES')
      UNION ALL
      SELECT 'a user with ' || privilege FROM session_privs WHERE privilege = 'EXEMPT ACCESS POLICY'""";

  /** A value of the session's context that the driver sets. */
  private static final String TENANT = "CLIENTCONTEXT.history_tenant";

  private static final String UNICODE = "AL32UTF8";

  private static final String LOCK =
      "SELECT next_position, owner, run_id, run_items FROM conversations WHERE ";

  private static final String ITEM =
      """
      INSERT INTO items
        (tenant, conversation_id, position, item_id, type, owner, response_id, stored_at, json)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  @Override
  public Map<String, String> properties() {
    return Map.of(
        "eclipselink.target-database",
        "org.eclipse.persistence.platform.database.Oracle19Platform",
        // Oracle names the columns of native queries in upper case.
        "eclipselink.jpa.uppercase-column-names",
        "true",
        "eclipselink.session.customizer",
        NoRetrySessionCustomizer.class.getName());
  }

  @Override
  public Scripts scripts() {
    return new Scripts(4, List.of("oracle"));
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

  /** Nothing is asked where row security is not wanted: writes then fail by themselves. */
  @Override
  public Optional<String> rowSecurityFault(Connection connection, boolean wanted)
      throws SQLException {
    if (!wanted) {
      return Optional.empty();
    }
    try (PreparedStatement query = connection.prepareStatement(NOT_COVERED);
        ResultSet rows = query.executeQuery()) {
      return rows.next()
          ? Optional.of(
              "%s is not covered by row security; run db-scripts/oracle/row-security.sql"
                  .formatted(rows.getString(1)))
          : Optional.empty();
    }
  }

  /**
   * Each use of a connection sets the value anew, or clears it. The driver sends that with the next
   * statement, without a round trip of its own.
   */
  @Override
  public Connection limit(Connection connection, String tenant) throws SQLException {
    connection.setClientInfo(TENANT, tenant);
    return connection;
  }

  @Override
  public void addTenant(Connection connection, String tenant) throws SQLException {
    run(
        connection,
        List.of(
            Sql.of(
                """
                MERGE INTO tenants t USING (SELECT ? AS tenant FROM dual) n ON (t.tenant = n.tenant)
                WHEN NOT MATCHED THEN INSERT (tenant) VALUES (n.tenant)""",
                tenant)));
  }

  @Override
  public ErrorKind errorKind(SQLException error) {
    return OracleErrors.kindOf(error.getErrorCode());
  }

  @Override
  public void create(
      Connection connection,
      Conversation conversation,
      List<StoredItem> items,
      Optional<IdempotencyRecord> once)
      throws SQLException {
    Key key = conversation.key();
    List<Sql> statements = new ArrayList<>();
    statements.add(Statements.conversation(conversation, items.size()));
    for (String label : LabelDigests.of(conversation.metadata())) {
      statements.add(
          Sql.of(
              """
              INSERT INTO conversation_labels (tenant, label, created_at, conversation_id)
              VALUES (?, ?, ?, ?)""",
              key.tenant(),
              label,
              EpochMicros.of(conversation.createdAt()),
              key.id()));
    }
    statements.addAll(items(key, 1, null, null, items));
    once.ifPresent(record -> statements.add(IdempotencyKeys.insert(key.tenant(), record)));
    run(connection, statements);
  }

  @Override
  public boolean append(
      Connection connection,
      Scope scope,
      String conversationId,
      List<StoredItem> items,
      Instant at,
      Optional<IdempotencyRecord> once,
      Retained retained)
      throws SQLException {
    return Transaction.run(
        connection,
        () -> {
          Optional<LockedConversation> locked =
              lockFree(connection, scope, conversationId, items, retained);
          if (locked.isEmpty()) {
            return false;
          }
          List<Sql> statements = new ArrayList<>();
          statements.add(Statements.reserve(scope, conversationId, items.size(), at, retained));
          statements.addAll(locked.get().items(scope.key(conversationId), null, items));
          once.ifPresent(record -> statements.add(IdempotencyKeys.insert(scope.tenant(), record)));
          execute(connection, statements);
          return true;
        });
  }

  @Override
  public boolean record(Connection connection, Scope scope, RecordedTurn turn, Retained retained)
      throws SQLException {
    StoredResponse response = turn.response();
    String conversationId = response.conversationId();
    return Transaction.run(
        connection,
        () -> {
          List<Sql> statements = new ArrayList<>();
          if (turn.appends()) {
            Optional<LockedConversation> locked =
                lockFree(connection, scope, conversationId, turn.appended(), retained);
            if (locked.isEmpty()) {
              return false;
            }
            int positions = turn.appended().size();
            statements.add(
                Statements.reserve(
                    scope, conversationId, positions, response.recordedAt(), retained));
            statements.addAll(
                locked.get().items(scope.key(conversationId), response, turn.appended()));
          } else if (conversationId != null && !exists(connection, scope, turn, retained)) {
            return false;
          }
          statements.add(response(Statements.response(turn)));
          statements.addAll(keys(turn));
          execute(connection, statements);
          return true;
        });
  }

  private static boolean exists(
      Connection connection, Scope scope, RecordedTurn turn, Retained retained)
      throws SQLException {
    Sql exists =
        Sql.of("SELECT id FROM conversations WHERE ")
            .then(Statements.conversationIn(scope, turn.response().conversationId(), retained));
    return !Rows.texts(connection, exists).isEmpty();
  }

  /** What makes a response findable by its labels and its items. */
  static List<Sql> keys(RecordedTurn turn) {
    StoredResponse response = turn.response();
    Key key = response.key();
    List<Sql> statements = new ArrayList<>();
    for (String label : LabelDigests.of(response.metadata())) {
      statements.add(
          Sql.of(
              """
              INSERT INTO response_labels
                (tenant, label, created_at, recorded_at, response_id)
              VALUES (?, ?, ?, ?, ?)""",
              key.tenant(),
              label,
              EpochMicros.of(response.createdAt()),
              EpochMicros.of(response.recordedAt()),
              key.id()));
    }
    turn.others().forEach(other -> statements.add(linkable(key, other)));
    return statements;
  }

  /** What makes an item findable in a response. */
  static Sql linkable(Key response, StoredItem item) {
    return Sql.of(
        """
        INSERT INTO response_item_ids (tenant, item_id, response_id, stored_at)
        VALUES (?, ?, ?, ?)""",
        response.tenant(),
        item.item().id(),
        response.id(),
        item.storedAt());
  }

  /**
   * A conversation that this transaction has locked.
   *
   * @param next the position of the next item
   */
  record LockedConversation(long next, String owner, RunStatements.Claim claim) {

    /**
     * Items at the positions from the next one on.
     *
     * @param response what they come with, or null
     */
    List<Sql> items(Key conversation, StoredResponse response, List<StoredItem> items) {
      String from = response == null ? null : response.owner();
      return OracleDialect.items(
          conversation,
          next,
          Objects.equals(from, owner) ? null : from,
          response == null ? null : response.key().id(),
          items);
    }
  }

  static Optional<LockedConversation> lock(Connection connection, Sql condition)
      throws SQLException {
    List<LockedConversation> locked = new ArrayList<>();
    Rows.read(
        connection,
        Sql.of(LOCK).then(condition).then(" FOR UPDATE"),
        row ->
            locked.add(
                new LockedConversation(
                    row.getLong(1), row.getString(2), RunStatements.Claim.of(row, 3))));
    return locked.stream().findAny();
  }

  /** The conversation, if no run in it has taken an id of these items. */
  private static Optional<LockedConversation> lockFree(
      Connection connection,
      Scope scope,
      String conversationId,
      List<StoredItem> items,
      Retained retained)
      throws SQLException {
    List<String> ids = Statements.ids(items);
    return lock(connection, Statements.conversationIn(scope, conversationId, retained))
        .filter(locked -> Collections.disjoint(locked.claim().itemIds(), ids));
  }

  /**
   * Oracle refuses a text of more than 4,000 bytes behind a longer one that its driver sends as a
   * CLOB (ORA-24816), so the texts without a limit come in the order of their lengths.
   */
  static Sql response(Map<String, Object> row) {
    List<String> columns = new ArrayList<>(row.keySet());
    columns.sort(
        Comparator.comparingInt(
            column -> CLOBS.contains(column) ? 1 + row.get(column).toString().length() : 0));
    return Sql.of(
        "INSERT INTO responses (%s) VALUES (%s)"
            .formatted(
                String.join(", ", columns),
                String.join(", ", Collections.nCopies(columns.size(), "?"))),
        columns.stream().map(row::get).toArray());
  }

  private static List<Sql> items(
      Key conversation, long first, String owner, String responseId, List<StoredItem> items) {
    List<Sql> rows = new ArrayList<>();
    long position = first;
    for (StoredItem item : items) {
      rows.add(
          Sql.of(
              ITEM,
              conversation.tenant(),
              conversation.id(),
              position++,
              item.item().id(),
              item.item().type(),
              Sql.text(owner),
              Sql.text(responseId),
              item.storedAt(),
              item.item().json().toString()));
    }
    return rows;
  }

  @Override
  public RunDialect runs() {
    return new OracleRuns();
  }

  @Override
  public List<Integer> run(Connection connection, List<Sql> statements) throws SQLException {
    return Transaction.run(connection, () -> execute(connection, statements));
  }

  /** Those with the same text that follow each other are one batch. */
  static List<Integer> execute(Connection connection, List<Sql> statements) throws SQLException {
    List<Integer> counts = new ArrayList<>();
    int next = 0;
    while (next < statements.size()) {
      String text = statements.get(next).text();
      try (PreparedStatement statement = connection.prepareStatement(text)) {
        for (; next < statements.size() && statements.get(next).text().equals(text); next++) {
          statements.get(next).bind(statement);
          statement.addBatch();
        }
        for (int count : statement.executeBatch()) {
          counts.add(count);
        }
      }
    }
    return counts;
  }

  /** Measured before they are deleted: Oracle answers texts one by one. */
  @Override
  public Deletion.Result delete(Connection connection, List<Deletion> deletions)
      throws SQLException {
    return Transaction.run(
        connection,
        () -> {
          List<Integer> counts = new ArrayList<>();
          long bytes = 0;
          for (Deletion deletion : deletions) {
            long size = deletion.counts() ? measure(connection, deletion) : 0;
            int count = execute(connection, List.of(deletion.statement())).get(0);
            counts.add(count);
            bytes += count > 0 ? size : 0;
          }
          return new Deletion.Result(counts, bytes);
        });
  }

  /**
   * Oracle goes through the ids of a list in the order of the index. It is an update because only
   * those can be sent like all other statements.
   */
  @Override
  public Sql lock(String table, Sql condition) {
    return Sql.of("UPDATE " + table + " SET owner = owner WHERE ").then(condition);
  }

  private static long measure(Connection connection, Deletion deletion) throws SQLException {
    String size =
        deletion.texts().stream()
            .map("NVL(LENGTH(%s), 0)"::formatted)
            .collect(Collectors.joining(" + "));
    Sql sum = Sql.of("SELECT SUM(" + size + ") FROM ").then(deletion.rows());
    try (PreparedStatement query = connection.prepareStatement(sum.text())) {
      sum.bind(query);
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /** Oracle measures a CLOB in units of UTF-16, not in bytes. */
  @Override
  public long size(JsonText text) {
    return text.toString().length();
  }

  @Override
  public Sql addBytes(String tenant, String apiKey, int slot, long bytes) {
    return Sql.of(
        """
        MERGE INTO stored_bytes s
        USING (SELECT CAST(? AS VARCHAR2(255 CHAR)) AS tenant,
                      CAST(? AS VARCHAR2(255 CHAR)) AS api_key, CAST(? AS NUMBER(10)) AS slot,
                      CAST(? AS NUMBER(19)) AS bytes FROM dual) n
        ON (s.tenant = n.tenant AND s.api_key = n.api_key AND s.slot = n.slot)
        WHEN MATCHED THEN UPDATE SET s.bytes = s.bytes + n.bytes
        WHEN NOT MATCHED THEN INSERT (tenant, api_key, slot, bytes)
        VALUES (n.tenant, n.api_key, n.slot, n.bytes)""",
        tenant,
        apiKey,
        slot,
        bytes);
  }

  @Override
  public String now() {
    return "ROUND((CAST(SYS_EXTRACT_UTC(SYSTIMESTAMP) AS DATE) - DATE '1970-01-01') * 86400000000)";
  }

  @Override
  public String withRecursive() {
    return "WITH";
  }

  @Override
  public String readJson(String column) {
    return column;
  }

  /** Whole: what SUBSTR of a CLOB counts depends on the database. */
  @Override
  public String readJson(String column, int from, int length) {
    return column;
  }

  @Override
  public JsonText json(Object read) {
    return (JsonText) read;
  }
}
