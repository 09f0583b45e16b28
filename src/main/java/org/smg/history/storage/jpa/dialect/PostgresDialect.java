package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

/** PostgreSQL 12 and later. */
public final class PostgresDialect implements Dialect {

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

  private static final String SETTINGS =
      "SELECT current_setting('server_encoding'), current_setting('transaction_isolation')";

  /** Lets nobody use the ids that a run has taken. */
  private static final String FREE =
      " AND (run_items IS NULL OR NOT CAST(string_to_array(run_items, chr(10)) AS varchar[]) && ?)";

  /** Items of the conversation that the statement has written to before. */
  private static final String ITEMS =
      """
      INSERT INTO items
        (tenant, conversation_id, position, item_id, type, owner, response_id, stored_at, json)
      SELECT ?, ?, conversation.first + item.nth - 1, item.id, item.type,
             NULLIF(?, conversation.owner), ?, item.stored_at, item.json
      FROM conversation,
           unnest(?, ?, ?, ?) WITH ORDINALITY AS item (id, type, stored_at, json, nth)""";

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

  @Override
  public Optional<String> unsuitable(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SETTINGS);
        ResultSet settings = query.executeQuery()) {
      settings.next();
      if (!settings.getString(1).equals("UTF8")) {
        return Optional.of(
            "the database's encoding is %s; it must be UTF8".formatted(settings.getString(1)));
      }
      return settings.getString(2).equals("read committed")
          ? Optional.empty()
          : Optional.of(
              "the data source's isolation level is '%s'; it must be 'read committed'"
                  .formatted(settings.getString(2)));
    }
  }

  @Override
  public Optional<String> rowSecurityFault(Connection connection, boolean wanted)
      throws SQLException {
    return PostgresRowSecurity.fault(connection, wanted);
  }

  @Override
  public Connection limit(Connection connection, String tenant) {
    return tenant == null ? connection : TenantConnection.of(connection, tenant);
  }

  @Override
  public void addTenant(Connection connection, String tenant) throws SQLException {
    update(
        connection,
        Sql.of("INSERT INTO tenants (tenant) VALUES (?) ON CONFLICT DO NOTHING", tenant));
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
    return new Scripts(4, List.of("postgres"));
  }

  @Override
  public void create(
      Connection connection,
      Conversation conversation,
      List<StoredItem> items,
      Optional<IdempotencyRecord> once)
      throws SQLException {
    Key key = conversation.key();
    Sql made = Statements.conversation(conversation, items.size());
    List<Sql> parts = new ArrayList<>();
    if (!items.isEmpty()) {
      parts.add(items(key, null, items));
    }
    List<String> labels = LabelDigests.of(conversation.metadata());
    if (!labels.isEmpty()) {
      parts.add(
          Sql.of(
              """
              INSERT INTO conversation_labels (tenant, label, created_at, conversation_id)
              SELECT ?, unnest(?), ?, ? FROM conversation""",
              key.tenant(),
              array(labels),
              EpochMicros.of(conversation.createdAt()),
              key.id()));
    }
    once.ifPresent(record -> parts.add(recorded(key.tenant(), record)));
    update(
        connection,
        parts.isEmpty()
            ? made
            : together(
                made.then("\nRETURNING next_position - ? AS first, owner", (long) items.size()),
                parts));
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
    Key key = scope.key(conversationId);
    Sql reserve = reserve(scope, conversationId, items, at, retained);
    List<Sql> parts = new ArrayList<>();
    once.ifPresent(record -> parts.add(recorded(key.tenant(), record)));
    parts.add(items(key, null, items));
    return update(connection, together(reserve, parts)) > 0;
  }

  private static Sql recorded(String tenant, IdempotencyRecord once) {
    return IdempotencyKeys.insertFrom("conversation", tenant, once);
  }

  @Override
  public boolean record(Connection connection, Scope scope, RecordedTurn turn, Retained retained)
      throws SQLException {
    StoredResponse response = turn.response();
    List<Sql> parts = new ArrayList<>();
    if (!turn.appended().isEmpty()) {
      parts.add(items(scope.key(response.conversationId()), response, turn.appended()));
    }
    parts.addAll(keys(turn));
    parts.add(response(Statements.response(turn)));
    return update(connection, together(conversation(scope, turn, retained), parts)) > 0;
  }

  /** What makes a response findable by its labels and its items. */
  static List<Sql> keys(RecordedTurn turn) {
    StoredResponse response = turn.response();
    Key key = response.key();
    List<Sql> parts = new ArrayList<>();
    List<String> labels = LabelDigests.of(response.metadata());
    if (!labels.isEmpty()) {
      parts.add(
          Sql.of(
              """
              INSERT INTO response_labels (tenant, label, created_at, recorded_at, response_id)
              SELECT ?, unnest(?), ?, ?, ? FROM conversation""",
              key.tenant(),
              array(labels),
              EpochMicros.of(response.createdAt()),
              EpochMicros.of(response.recordedAt()),
              key.id()));
    }
    if (!turn.others().isEmpty()) {
      parts.add(
          Sql.of(
              """
              INSERT INTO response_item_ids (tenant, item_id, response_id, stored_at)
              SELECT ?, item.id, ?, item.stored_at
              FROM conversation, unnest(?, ?) AS item (id, stored_at)""",
              key.tenant(),
              key.id(),
              array(Statements.ids(turn.others())),
              times(turn.others())));
    }
    return parts;
  }

  static Sql response(Map<String, Object> row) {
    return Sql.of(
        "INSERT INTO responses (%s) SELECT %s FROM conversation"
            .formatted(
                String.join(", ", row.keySet()),
                String.join(", ", Collections.nCopies(row.size(), "?"))),
        row.values().toArray());
  }

  /** The one row that all parts of a turn are joined to, or none if there is no conversation. */
  private static Sql conversation(Scope scope, RecordedTurn turn, Retained retained) {
    String id = turn.response().conversationId();
    if (id == null) {
      return Sql.of("SELECT 1");
    }
    return turn.appends()
        ? reserve(scope, id, turn.appended(), turn.response().recordedAt(), retained)
        : Sql.of("SELECT 1 FROM conversations WHERE ")
            .then(Statements.conversationIn(scope, id, retained));
  }

  /** A condition on a column, which is compared as it is when the row is locked. */
  private static Sql reserve(
      Scope scope, String conversationId, List<StoredItem> items, Instant at, Retained retained) {
    return Statements.reserve(scope, conversationId, items.size(), at, retained)
        .then(FREE, (Object) array(Statements.ids(items)))
        .then("\nRETURNING next_position - ? AS first, owner", (long) items.size());
  }

  /**
   * @param response what the items come with, or null
   */
  private static Sql items(Key conversation, StoredResponse response, List<StoredItem> items) {
    return Sql.of(
            ITEMS,
            conversation.tenant(),
            conversation.id(),
            Sql.text(response == null ? null : response.owner()),
            Sql.text(response == null ? null : response.key().id()))
        .then("", columns(items));
  }

  /**
   * One statement of several that write; the last one's count is the whole's.
   *
   * @param conversation the row that the others are joined to
   */
  static Sql together(Sql conversation, List<Sql> parts) {
    return continued(Sql.of("WITH conversation AS (").then(conversation).then(")"), parts);
  }

  static Sql continued(Sql named, List<Sql> parts) {
    Sql statement = named;
    int last = parts.size() - 1;
    for (int i = 0; i < last; i++) {
      statement = statement.then(", part_" + i + " AS (").then(parts.get(i)).then(")");
    }
    return statement.then("\n").then(parts.get(last));
  }

  static int update(Connection connection, Sql sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
      sql.bind(statement);
      return statement.executeUpdate();
    }
  }

  @Override
  public RunDialect runs() {
    return new PostgresRuns();
  }

  /** The driver sends the statements together, and the server commits them together. */
  @Override
  public List<Integer> run(Connection connection, List<Sql> statements) throws SQLException {
    Sql joined = Sql.joined(statements);
    try (PreparedStatement statement = connection.prepareStatement(joined.text())) {
      joined.bind(statement);
      statement.execute();
      List<Integer> counts = new ArrayList<>();
      do {
        counts.add(statement.getUpdateCount());
      } while (statement.getMoreResults() || statement.getUpdateCount() >= 0);
      return counts;
    }
  }

  @Override
  public Deletion.Result delete(Connection connection, List<Deletion> deletions)
      throws SQLException {
    Sql joined = Sql.joined(deletions.stream().map(PostgresDialect::measured).toList());
    try (PreparedStatement statement = connection.prepareStatement(joined.text())) {
      joined.bind(statement);
      List<Integer> counts = new ArrayList<>();
      long bytes = 0;
      boolean answers = statement.execute();
      while (answers || statement.getUpdateCount() >= 0) {
        if (answers) {
          try (ResultSet deleted = statement.getResultSet()) {
            deleted.next();
            counts.add(deleted.getInt(1));
            bytes += deleted.getLong(2);
          }
        } else {
          counts.add(statement.getUpdateCount());
        }
        answers = statement.getMoreResults();
      }
      return new Deletion.Result(counts, bytes);
    }
  }

  /** Answers a count and bytes, as {@link #measured} does. */
  @Override
  public Sql lock(String table, Sql condition) {
    return Sql.of("WITH locked AS (SELECT id FROM " + table + " WHERE ")
        .then(condition)
        .then(" ORDER BY id FOR UPDATE) SELECT count(*), 0 FROM locked");
  }

  /** The same statement, which answers how many rows and bytes it deletes. */
  private static Sql measured(Deletion deletion) {
    if (!deletion.counts()) {
      return deletion.statement();
    }
    String bytes =
        deletion.texts().stream()
            .map("coalesce(octet_length(%s), 0)"::formatted)
            .collect(Collectors.joining(" + "));
    return Sql.of("WITH deleted AS (")
        .then(deletion.statement())
        .then(" RETURNING " + bytes + " AS bytes) SELECT count(*), sum(bytes) FROM deleted");
  }

  @Override
  public long size(JsonText text) {
    return text.length();
  }

  @Override
  public Sql addBytes(String tenant, String apiKey, int slot, long bytes) {
    return Sql.of(
        """
        INSERT INTO stored_bytes (tenant, api_key, slot, bytes) VALUES (?, ?, ?, ?)
        ON CONFLICT (tenant, api_key, slot) DO UPDATE SET bytes = stored_bytes.bytes + EXCLUDED.bytes""",
        tenant,
        apiKey,
        slot,
        bytes);
  }

  /** Ids, types, times and JSON, for unnest. */
  static Object[] columns(List<StoredItem> items) {
    return new Object[] {
      array(Statements.ids(items)),
      items.stream().map(item -> item.item().type()).toArray(String[]::new),
      times(items),
      items.stream().map(item -> item.item().json().toString()).toArray(String[]::new)
    };
  }

  static Long[] times(List<StoredItem> items) {
    return items.stream().map(StoredItem::storedAt).toArray(Long[]::new);
  }

  static String[] array(List<String> texts) {
    return texts.toArray(String[]::new);
  }

  @Override
  public String now() {
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint)";
  }

  @Override
  public String withRecursive() {
    return "WITH RECURSIVE";
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
  public String readJson(String column, int from, int length) {
    return "FUNCTION('substring', %s, %d, %d)".formatted(readJson(column), from + 1, length);
  }

  @Override
  public JsonText json(Object read) {
    return read == null ? null : JsonText.ofUtf8((byte[]) read);
  }
}
