package org.smg.history.storage.jpa.dialect;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.model.ItemInput;
import org.smg.history.model.JsonText;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.rows.StoredItem;

/** What the stores need of one kind of database beyond JPQL. */
public interface Dialect {

  /** Properties for the persistence provider, by its own names. */
  Map<String, String> properties();

  /** What the names of the driver's packages begin with. */
  String driverPackage();

  /** The scripts that make the schema. */
  Scripts scripts();

  /** Why the database cannot keep history, whatever its tables are; empty if it can. */
  Optional<String> unsuitable(Connection connection) throws SQLException;

  /** What an error of the database or its driver means. */
  ErrorKind errorKind(SQLException error);

  /**
   * @param version the number of the last script
   * @param folders where they are, below {@code db-scripts}
   */
  record Scripts(int version, List<String> folders) {}

  /**
   * Locks the conversation, reserves a position for each item, sets the time of the last update,
   * and looks up what the items stand for and what of them the conversation contains, in as few
   * round trips as the database allows.
   *
   * @param scope what is out of it is treated as not stored
   */
  AppendContext beginAppend(
      EntityManager em,
      Scope scope,
      String conversationId,
      List<? extends ItemInput> items,
      Instant at);

  /**
   * Looks up the content that was stored first under each id.
   *
   * @param scope what is out of it is treated as not stored
   */
  Map<String, StoredItem> storedItems(EntityManager em, Scope scope, List<String> itemIds);

  /**
   * The query for the columns of a response and of those before it, newest first; a cycle is
   * followed until the limit. Its parameters are the tenant, the response's id and the limit.
   */
  String chain();

  /**
   * The JPQL expression that reads a column with JSON text at the least cost.
   *
   * @param column such as {@code i.json}
   */
  String readJson(String column);

  /**
   * @param read what a query returned for {@link #readJson}
   */
  JsonText json(Object read);
}
