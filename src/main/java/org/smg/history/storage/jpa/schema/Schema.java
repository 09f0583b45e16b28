package org.smg.history.storage.jpa.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.ErrorKind;
import org.smg.history.storage.jpa.dialect.SqlErrors;

/**
 * Checks that the database has the tables that this server was written for. In an empty schema they
 * are made; an older schema is upgraded only where the administrator allows it. The scripts write
 * their version into a table of their own, because an administrator may run them without Flyway.
 */
public final class Schema {

  private static final String VERSION_TABLE = "history_schema";
  private static final String FLYWAY_TABLE = "flyway_schema_history";

  /** How long another server may take to make the tables: it took 4 s on a small machine. */
  private static final Duration OTHERS_WORK = Duration.ofSeconds(60);

  /** How long one script may take: the longest took 2 s on a small machine. */
  private static final Duration ONE_SCRIPT = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final DataSource dataSource;
  private final Dialect dialect;
  private final Dialect.Scripts scripts;
  private final boolean autoMigrate;
  private final Duration othersWork;

  public Schema(
      DataSource dataSource, Dialect dialect, Dialect.Scripts scripts, boolean autoMigrate) {
    this(dataSource, dialect, scripts, autoMigrate, OTHERS_WORK);
  }

  /**
   * @param othersWork how long to wait for tables that another server seems to be making
   */
  public Schema(
      DataSource dataSource,
      Dialect dialect,
      Dialect.Scripts scripts,
      boolean autoMigrate,
      Duration othersWork) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.scripts = scripts;
    this.autoMigrate = autoMigrate;
    this.othersWork = othersWork;
  }

  /**
   * @throws SchemaMismatch if the schema is not the one of this server, and may not be upgraded
   */
  public void check() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      dialect
          .unsuitable(connection)
          .ifPresent(
              fault -> {
                throw new SchemaMismatch(fault);
              });
    }
    Set<String> tables = tables();
    if (!tables.contains(VERSION_TABLE)) {
      tables.remove(FLYWAY_TABLE);
      if (!tables.isEmpty()) {
        throw new SchemaMismatch(
            "it contains tables that are not those of the chat history; use a schema that contains no"
                + " others");
      }
      make();
    } else {
      awaitOthers();
      if (version() < scripts.version()) {
        upgrade(tables.contains(FLYWAY_TABLE));
      }
    }
    if (version() > scripts.version()) {
      throw new SchemaMismatch(
          "it has version %d, made by a newer server; this one knows version %d"
              .formatted(version(), scripts.version()));
    }
    if (version() < scripts.version()) {
      throw new SchemaMismatch(
          "it has version %d after all scripts up to version %d were run"
              .formatted(version(), scripts.version()));
    }
  }

  /**
   * @param wanted whether the database is to keep tenants apart
   * @throws SchemaMismatch if it does not, or if it does although that is not wanted
   */
  public void checkRowSecurity(boolean wanted) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      dialect
          .rowSecurityFault(connection, wanted)
          .ifPresent(
              fault -> {
                throw new SchemaMismatch(fault);
              });
    }
  }

  public int version() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return version(connection);
    }
  }

  /** The version of the script that was run last, or 0 if none has finished. */
  public static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM " + VERSION_TABLE)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /**
   * Makes the tables, by all scripts together: a server that starts meanwhile must not take what it
   * finds between two of them for a schema of an older version. If another server has begun to do
   * so before, that one makes them.
   */
  private void make() throws SQLException {
    try {
      migrate(flyway().group(true));
    } catch (SchemaMismatch failure) {
      if (!tables().contains(VERSION_TABLE)) {
        throw failure;
      }
      awaitTables();
    }
  }

  /**
   * Where creating tables is not transactional, others see them before they are complete. Each
   * script writes its version last, and whoever makes the tables runs all of them.
   */
  private void awaitOthers() throws SQLException {
    if (version() == 0) {
      awaitTables();
    } else if (version() < scripts.version() && eachTableIsCommitted()) {
      awaitVersions(shorter(ONE_SCRIPT, othersWork));
    }
  }

  private void awaitTables() throws SQLException {
    awaitVersions(othersWork);
    if (version() == 0) {
      throw new SchemaMismatch(
          "its tables are only partly created, and no other server completed them within %d s;"
                  .formatted(othersWork.toSeconds())
              + " drop them and start again");
    }
  }

  private boolean eachTableIsCommitted() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return connection.getMetaData().dataDefinitionCausesTransactionCommit();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Waits for the last version, as long as the version does not stand still. */
  private void awaitVersions(Duration stillness) throws SQLException {
    int before = version();
    Instant deadline = Instant.now().plus(stillness);
    for (int version = before; version < scripts.version(); version = version()) {
      if (version != before) {
        before = version;
        deadline = Instant.now().plus(stillness);
      }
      if (Instant.now().isAfter(deadline) || Thread.currentThread().isInterrupted()) {
        return;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private Set<String> tables() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      String schema = connection.getSchema();
      if (schema == null) {
        throw new SchemaMismatch("no schema in the user's search_path exists");
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
          "it has version %d; run %s, or set history-auto-migrate=true"
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
      throw explain(failure);
    }
  }

  private RuntimeException explain(FlywayException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && dialect.errorKind(sql) == ErrorKind.NOT_PERMITTED) {
        return new SchemaMismatch(
            "it lacks tables, and the user may not create them; run the scripts of db-scripts/%s as"
                    .formatted(String.join(", ", scripts.folders()))
                + " its owner");
      }
    }
    if (SqlErrors.kindOf(failure, dialect).isOutage()) {
      return SqlErrors.outage(failure, dialect);
    }
    return new SchemaMismatch(failure.getMessage().lines().findFirst().orElse("Flyway failed"));
  }
}
