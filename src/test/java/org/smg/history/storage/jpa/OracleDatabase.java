package org.smg.history.storage.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * H2 in its Oracle mode: every statement is written down and every error has Oracle's number. What
 * H2 does not know of Oracle is told here and nowhere else.
 */
public final class OracleDatabase implements AutoCloseable {

  private static final int POOL = 32;

  /** What H2 says, in Oracle's numbers. */
  private static final Map<Integer, Integer> NUMBERS =
      Map.of(
          ErrorCode.DUPLICATE_KEY_1, 1,
          ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1, 2291,
          ErrorCode.DEADLOCK_1, 60,
          ErrorCode.CONCURRENT_UPDATE_1, 60,
          ErrorCode.LOCK_TIMEOUT_1, 30006,
          ErrorCode.NULL_NOT_ALLOWED, 1400,
          ErrorCode.VALUE_TOO_LONG_2, 12899,
          ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1, 1031,
          ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1, 942);

  private final Set<String> statements = new ConcurrentSkipListSet<>();
  private final JdbcConnectionPool pool;

  public OracleDatabase() throws SQLException {
    pool =
        JdbcConnectionPool.create(
            "jdbc:h2:mem:%s;MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000"
                .formatted(UUID.randomUUID()),
            "sa",
            "");
    pool.setMaxConnections(POOL);
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE ALIAS NUMTODSINTERVAL FOR '%s.interval'"
              .formatted(OracleDatabase.class.getName()));
    }
  }

  /** Oracle's function of the same name, for the unit that the views use. */
  public static Duration interval(java.math.BigDecimal number, String unit) {
    if (!unit.equals("SECOND")) {
      throw new IllegalArgumentException(unit);
    }
    return number == null ? null : Duration.ofNanos(number.movePointRight(9).longValueExact());
  }

  /** The database with a pool. */
  public DataSource pool() {
    return Watched.dataSource(pool, this::translated, OracleDatabase::numbered);
  }

  /** All statements that were sent, as they were sent. */
  public Set<String> statements() {
    return statements;
  }

  private String translated(String sql) {
    statements.add(sql);
    return sql.replace(" PCTFREE 99 INITRANS 8", "")
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
