package org.smg.history.storage.jpa;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Whether the database has the tables that this server was written for. An empty schema is made; an
 * older one is brought up to date only where the administrator allows it. The scripts tell their
 * version in a table of their own, since an administrator may run them without Flyway.
 */
final class Schema {

  /** The number of the last script. */
  static final int VERSION = 1;

  private static final String VERSION_TABLE = "history_schema";
  private static final String FLYWAY_TABLE = "flyway_schema_history";
  private static final String NOT_ALLOWED = "42501";

  private final DataSource dataSource;
  private final Dialect dialect;
  private final boolean autoMigrate;

  Schema(DataSource dataSource, Dialect dialect, boolean autoMigrate) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.autoMigrate = autoMigrate;
  }

  /**
   * @throws SchemaMismatch if the schema is not the one of this server, and may not become it
   */
  void check() throws SQLException {
    Set<String> tables = tables();
    if (!tables.contains(VERSION_TABLE)) {
      tables.remove(FLYWAY_TABLE);
      if (!tables.isEmpty()) {
        throw new SchemaMismatch(
            "it is not empty, and its tables are not those of the chat history. Use a schema of its"
                + " own");
      }
      migrate(OptionalInt.empty());
    } else if (version() < VERSION) {
      if (!autoMigrate) {
        throw new SchemaMismatch(
            "it is of version %d, and this server needs %d. Run the later scripts of db-scripts/%s (%s), or set history-auto-migrate=true"
                .formatted(version(), VERSION, dialect.scripts(), "from V" + (version() + 1)));
      }
      migrate(tables.contains(FLYWAY_TABLE) ? OptionalInt.empty() : OptionalInt.of(version()));
    }
    if (version() > VERSION) {
      throw new SchemaMismatch(
          "it is of version %d, made by a newer server; this one knows %d. Run the newer server"
              .formatted(version(), VERSION));
    }
  }

  /** The version of the script that was run last. */
  int version() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM " + VERSION_TABLE)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private Set<String> tables() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      String schema = connection.getSchema();
      if (schema == null) {
        throw new SchemaMismatch("the user's search_path names none that exists");
      }
      Set<String> tables = new HashSet<>();
      try (ResultSet rows =
          connection.getMetaData().getTables(null, schema, "%", new String[] {"TABLE"})) {
        while (rows.next()) {
          tables.add(rows.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
        }
      }
      return tables;
    }
  }

  /**
   * @param byHand the version that was reached without Flyway
   */
  private void migrate(OptionalInt byHand) throws SQLException {
    FluentConfiguration flyway =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(dataSource)
            .table(FLYWAY_TABLE)
            .locations("classpath:db-scripts/" + dialect.scripts());
    byHand.ifPresent(
        version -> flyway.baselineOnMigrate(true).baselineVersion(String.valueOf(version)));
    try {
      flyway.load().migrate();
    } catch (FlywayException failure) {
      throw explained(failure);
    }
  }

  private RuntimeException explained(FlywayException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && NOT_ALLOWED.equals(sql.getSQLState())) {
        return new SchemaMismatch(
            "it lacks tables, and the user may not create them. Run the scripts of db-scripts/%s as its owner"
                .formatted(dialect.scripts()));
      }
    }
    return failure;
  }
}
