package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;

/** What one kind of database does in words of its own. */
interface Dialect {

  /** What the persistence provider is told about the database, by its own property names. */
  Map<String, String> properties();

  /** What makes the schema. */
  Scripts scripts();

  /**
   * Looks whether the database can keep what is stored, whatever its tables.
   *
   * @throws SchemaMismatch if it cannot
   */
  void checkDatabase(Connection connection) throws SQLException;

  /** What an error of the database or its driver calls for. */
  Faults.Cure cure(SQLException error);

  /**
   * @param version the number of the last script
   * @param folders where they are, below {@code db-scripts}
   */
  record Scripts(int version, List<String> folders) {}

  /**
   * What is known before a batch is written.
   *
   * @param first the first of the reserved positions; empty if there is no such conversation
   * @param known stored contents by item id, the first stored of each
   */
  record Ground(OptionalLong first, Map<String, Content> known) {}

  /**
   * Takes the locks of the conversation and of the ids, reserves positions and looks up what is
   * stored under the ids, in as few round trips as the database allows.
   */
  Ground reserve(
      EntityManager em, Key conversation, int positions, Instant at, List<String> itemIds);

  /** Takes the locks of the ids and looks up what is stored under them. */
  Map<String, Content> known(EntityManager em, String tenant, List<String> itemIds);

  /**
   * The query for the columns of a response and of those before it, newest first; a cycle is
   * followed for as long as the limit lasts. Its parameters are the tenant, the response's id and
   * the limit.
   */
  String chain();

  /**
   * The JPQL that reads a column with JSON text in the form that costs least.
   *
   * @param column such as {@code i.json}
   */
  String readJson(String column);

  /**
   * @param read what a query gave for {@link #readJson}
   */
  JsonText json(Object read);
}
