package org.smg.history.storage.jpa;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * Whether the database has the tables that this server was written for. An empty schema is made; an
 * older one is brought up to date only where the administrator allows it. The scripts tell their
 * version in a table of their own, since an administrator may run them without Flyway.
 */
final class Schema {

  private static final String VERSION_TABLE = "history_schema";
  private static final String FLYWAY_TABLE = "flyway_schema_history";

  private final DataSource dataSource;
  private final Dialect dialect;
  private final Dialect.Scripts scripts;
  private final boolean autoMigrate;

  Schema(DataSource dataSource, Dialect dialect, Dialect.Scripts scripts, boolean autoMigrate) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.scripts = scripts;
    this.autoMigrate = autoMigrate;
  }

  /**
   * @throws SchemaMismatch if the schema is not the one of this server, and may not become it
   */
  void check() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      dialect.checkDatabase(connection);
    }
    Set<String> tables = tables();
    if (!tables.contains(VERSION_TABLE)) {
      tables.remove(FLYWAY_TABLE);
      if (!tables.isEmpty()) {
        throw new SchemaMismatch(
            "it is not empty, and its tables are not those of the chat history; use a schema of its"
                + " own");
      }
      migrate(flyway());
    } else if (version() == 0) {
      throw new SchemaMismatch("it was left half made; drop its tables, and start again");
    } else if (version() < scripts.version()) {
      upgrade(tables.contains(FLYWAY_TABLE));
    }
    if (version() > scripts.version()) {
      throw new SchemaMismatch(
          "it is of version %d, made by a newer server; this one knows version %d"
              .formatted(version(), scripts.version()));
    }
    if (version() < scripts.version()) {
      throw new SchemaMismatch(
          "it is of version %d after all scripts up to version %d were run"
              .formatted(version(), scripts.version()));
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
        throw new SchemaMismatch("the user's search_path names none that there is");
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

  private void upgrade(boolean byFlyway) throws SQLException {
    int from = version();
    if (!autoMigrate) {
      throw new SchemaMismatch(
          "it is of version %d; run %s, or set history-auto-migrate=true"
              .formatted(from, namesAfter(from)));
    }
    FluentConfiguration flyway = flyway();
    migrate(
        byFlyway ? flyway : flyway.baselineOnMigrate(true).baselineVersion(Integer.toString(from)));
  }

  private String namesAfter(int version) {
    return Arrays.stream(flyway().load().info().all())
        .filter(script -> script.getVersion() != null)
        .filter(
            script -> script.getVersion().isNewerThan(MigrationVersion.fromVersion("" + version)))
        .map(script -> script.getScript())
        .collect(Collectors.joining(", "));
  }

  private FluentConfiguration flyway() {
    String[] locations =
        scripts.folders().stream()
            .map(folder -> "classpath:db-scripts/" + folder)
            .toArray(String[]::new);
    return Flyway.configure(Schema.class.getClassLoader())
        .dataSource(dataSource)
        .table(FLYWAY_TABLE)
        .locations(locations)
        .failOnMissingLocations(true);
  }

  private void migrate(FluentConfiguration flyway) {
    try {
      flyway.load().migrate();
    } catch (FlywayException failure) {
      throw explained(failure);
    }
  }

  private RuntimeException explained(FlywayException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && dialect.cure(sql) == Faults.Cure.GRANT) {
        return new SchemaMismatch(
            "it lacks tables, and the user may not create them; run the scripts of db-scripts/%s as"
                    .formatted(String.join(", ", scripts.folders()))
                + " its owner");
      }
    }
    if (Faults.sqlException(failure) != null && Faults.cure(failure, dialect) == Faults.Cure.WAIT) {
      return Faults.unavailable(failure);
    }
    return new SchemaMismatch(failure.getMessage().lines().findFirst().orElse("Flyway failed"));
  }
}
