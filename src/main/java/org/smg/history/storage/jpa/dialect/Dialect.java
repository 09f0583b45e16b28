package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.model.Conversation;
import org.smg.history.model.JsonText;
import org.smg.history.model.Scope;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * What the stores need of one kind of database beyond JPQL. Its writes are atomic, take as few
 * round trips as the database allows, and are given connections that commit each statement.
 */
public interface Dialect {

  /** Properties for the persistence provider, by its own names. */
  Map<String, String> properties();

  /** What the names of the driver's packages begin with. */
  String driverPackage();

  /** The scripts that make the schema. */
  Scripts scripts();

  /** Why the database cannot keep history, whatever its tables are; empty if it can. */
  Optional<String> unsuitable(Connection connection) throws SQLException;

  /**
   * Why row security does not keep tenants apart, or keeps everything from a server that does not
   * expect it; empty if it is as wanted.
   *
   * @param wanted whether the database is to keep tenants apart
   */
  Optional<String> rowSecurityFault(Connection connection, boolean wanted) throws SQLException;

  /**
   * The connection, limited by row security.
   *
   * @param tenant whose rows it sees, or null if it is to see none
   */
  Connection limit(Connection connection, String tenant) throws SQLException;

  /** Notes a tenant in the table of tenants, unless it is there. */
  void addTenant(Connection connection, String tenant) throws SQLException;

  /** What an error of the database or its driver means. */
  ErrorKind errorKind(SQLException error);

  /**
   * @param version the number of the last script
   * @param folders where they are, below {@code db-scripts}
   */
  record Scripts(int version, List<String> folders) {}

  /**
   * Stores a conversation with its labels and first items.
   *
   * @param once the record of the request's idempotency key
   */
  void create(
      Connection connection,
      Conversation conversation,
      List<StoredItem> items,
      Optional<IdempotencyRecord> once)
      throws SQLException;

  /**
   * Appends items in order, and sets the time of the conversation's last update.
   *
   * @param once the record of the request's idempotency key
   * @return whether the conversation is in scope and retained, and no run in it has taken an id of
   *     the items
   */
  boolean append(
      Connection connection,
      Scope scope,
      String conversationId,
      List<StoredItem> items,
      Instant at,
      Optional<IdempotencyRecord> once,
      Retained retained)
      throws SQLException;

  /**
   * Stores a response with its labels, and what it appends to its conversation.
   *
   * @return whether the response has no conversation or one that is in scope and retained, and in
   *     which no run has taken an id of what is appended
   */
  boolean record(Connection connection, Scope scope, RecordedTurn turn, Retained retained)
      throws SQLException;

  /** What runs need. */
  RunDialect runs();

  /**
   * Runs statements one after the other. Each sees what was committed before it began.
   *
   * @return how many rows each of them changed
   */
  List<Integer> run(Connection connection, List<Sql> statements) throws SQLException;

  /**
   * Runs statements like {@link #run}, and measures the texts that they delete.
   *
   * @return the counts, and the bytes by the measure of {@link #size}
   */
  Deletion.Result delete(Connection connection, List<Deletion> deletions) throws SQLException;

  /**
   * Locks rows, which are to be deleted, one after the other in the order of their ids, so that
   * nobody else who does that waits for this one while this one waits for them.
   *
   * @param condition on the table's rows
   */
  Sql lock(String table, Sql condition);

  /** How much a text counts, as the database can measure it, too. */
  long size(JsonText text);

  /**
   * Adds to one of the rows that are a tenant's sum of stored bytes.
   *
   * @param apiKey whose sum it is, or the mark for the whole tenant
   */
  Sql addBytes(String tenant, String apiKey, int slot, long bytes);

  /** The expression for the time by the database's clock, in microseconds since 1970. */
  String now();

  /** What a query that refers to itself begins with. */
  String withRecursive();

  /**
   * The JPQL expression that reads a column with JSON text at the least cost.
   *
   * @param column such as {@code i.json}
   */
  String readJson(String column);

  /**
   * The JPQL expression that reads a part of a column with JSON text, or all of it where the
   * database cannot read parts.
   *
   * @param from the first byte in UTF-8
   * @param length in bytes
   */
  String readJson(String column, int from, int length);

  /**
   * @param read what a query returned for {@link #readJson(String)}, which may be null
   */
  JsonText json(Object read);
}
