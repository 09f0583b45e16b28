package org.smg.history.storage.jpa;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import oracle.jdbc.pool.OracleConnectionPoolDataSource;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcConnectionPool;
import org.smg.history.storage.jpa.dialect.OracleDialect;
import org.smg.oracle.OracleLogin;

/**
 * H2 in its Oracle mode, or with {@code -Doracle.url=jdbc:oracle:thin:@… -Doracle.user=…
 * -Doracle.password=…} a real Oracle. It records every statement. H2's errors get Oracle's numbers;
 * all other differences between H2 and Oracle are evened out here, too.
 */
public final class OracleDatabase implements AutoCloseable {

  private static final int POOL = 32;

  private static final String CHARACTER_SET_QUERY =
      "SELECT value FROM nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET'";

  private static final String CHARACTER_SET = "SELECT 'AL32UTF8' FROM dual";

  /** H2 has no SYS_EXTRACT_UTC. */
  private static final String NOW = "DATEDIFF(MICROSECOND, DATE '1970-01-01', CURRENT_TIMESTAMP)";

  private static final Pattern CHARACTERS = Pattern.compile("VARCHAR2\\((\\d+) CHAR\\)");

  /** Oracle's numbers by H2's. */
  private static final Map<Integer, Integer> NUMBERS =
      Map.of(
          ErrorCode.DUPLICATE_KEY_1, 1,
          ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1, 955,
          ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1, 2291,
          ErrorCode.DEADLOCK_1, 60,
          ErrorCode.CONCURRENT_UPDATE_1, 60,
          ErrorCode.LOCK_TIMEOUT_1, 30006,
          ErrorCode.NULL_NOT_ALLOWED, 1400,
          ErrorCode.VALUE_TOO_LONG_2, 12899,
          ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, 1031,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1, 942);

  private final Set<String> statements = new ConcurrentSkipListSet<>();
  private final boolean real;
  private final JdbcConnectionPool pool;

  private OracleDatabase(boolean real, JdbcConnectionPool pool) {
    this.real = real;
    this.pool = pool;
    pool.setMaxConnections(POOL);
  }

  /** The Oracle that the system properties name, or H2. */
  public static OracleDatabase open() throws SQLException {
    String url = System.getProperty("oracle.url");
    if (url == null) {
      return h2();
    }
    OracleConnectionPoolDataSource oracle = new Sessions();
    oracle.setURL(url);
    oracle.setUser(System.getProperty("oracle.user"));
    oracle.setPassword(System.getProperty("oracle.password"));
    return new OracleDatabase(true, JdbcConnectionPool.create(oracle));
  }

  /** Sets up each session as the servers' data source does. */
  private static final class Sessions extends OracleConnectionPoolDataSource {

    private static final long serialVersionUID = 1L;

    Sessions() throws SQLException {}

    @Override
    public PooledConnection getPooledConnection() throws SQLException {
      PooledConnection session = super.getPooledConnection();
      OracleLogin login = new OracleLogin("", "", getURL(), "", "", false, "", 0);
      try (Connection connection = session.getConnection();
          Statement statement = connection.createStatement()) {
        for (String sql : login.session()) {
          statement.execute(sql);
        }
      }
      return session;
    }
  }

  /** H2 in its Oracle mode, empty. */
  public static OracleDatabase h2() throws SQLException {
    OracleDatabase database =
        new OracleDatabase(
            false,
            JdbcConnectionPool.create(
                "jdbc:h2:mem:%s;MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000"
                    .formatted(UUID.randomUUID()),
                "sa",
                ""));
    database.run(
        "CREATE ALIAS NUMTODSINTERVAL FOR '%s.interval'".formatted(OracleDatabase.class.getName()));
    return database;
  }

  /** Makes the tables. */
  public void begin(JpaStorage storage) throws SQLException {
    storage.verify();
    if (!real) {
      run(
          "CREATE TRIGGER parent_lock BEFORE INSERT ON feedback FOR EACH ROW CALL '%s'"
              .formatted(ParentRowLock.class.getName()));
    }
  }

  /** Runs a statement as it is. */
  public void run(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Makes an H2 with the shipped script, for a server that sends its statements untranslated.
   *
   * @param url with {@code MODE=Oracle} and {@code NON_KEYWORDS=VALUE}
   */
  public static void make(String url, String user, String password) throws SQLException {
    OracleDatabase database =
        new OracleDatabase(false, JdbcConnectionPool.create(url, user, password));
    try {
      for (String sql : OracleGrammar.statements(numberedScripts())) {
        if (!sql.contains("readable_")) {
          database.run(database.translated(sql));
        }
      }
      database.run(
          "CREATE VIEW nls_database_parameters AS"
              + " SELECT 'NLS_CHARACTERSET' AS parameter, 'AL32UTF8' AS value");
    } finally {
      database.close();
    }
  }

  /** Those that make the schema, one after the other. */
  static String numberedScripts() {
    try {
      return Files.readString(Path.of("db-scripts/oracle/V1__history.sql"))
          + Files.readString(Path.of("db-scripts/oracle/V2__stored_bytes.sql"))
          + Files.readString(Path.of("db-scripts/oracle/V3__retention.sql"))
          + Files.readString(Path.of("db-scripts/oracle/V4__runs.sql"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stands for Oracle's NUMTODSINTERVAL, for the unit that the views use. */
  public static Duration interval(java.math.BigDecimal number, String unit) {
    if (!unit.equals("SECOND")) {
      throw new IllegalArgumentException(unit);
    }
    return number == null ? null : Duration.ofNanos(number.movePointRight(9).longValueExact());
  }

  /** The database with a pool. */
  public DataSource pool() {
    return intercepted(pool);
  }

  DataSource intercepted(DataSource source) {
    return real
        ? InterceptedDataSource.dataSource(source, this::recorded, error -> error)
        : InterceptedDataSource.dataSource(source, this::translated, OracleDatabase::numbered);
  }

  /** All statements that were sent, as they were sent. */
  public Set<String> statements() {
    return statements;
  }

  private String recorded(String sql) {
    statements.add(sql);
    return sql;
  }

  String translated(String sql) {
    // H2 counts the units of Java's strings, of which a character has up to two.
    return CHARACTERS
        .matcher(recorded(sql))
        .replaceAll(length -> "VARCHAR2(%d CHAR)".formatted(2 * Integer.parseInt(length.group(1))))
        .replace(CHARACTER_SET_QUERY, CHARACTER_SET)
        .replace(new OracleDialect().now(), NOW)
        .replace("WITH chain (", "WITH RECURSIVE chain (");
  }

  private static SQLException numbered(SQLException error) {
    Integer number = NUMBERS.get(error.getErrorCode());
    return number == null ? error : new SQLException(error.getMessage(), "", number, error);
  }

  @Override
  public void close() {
    pool.dispose();
  }
}
