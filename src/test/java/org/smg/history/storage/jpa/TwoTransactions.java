package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/**
 * Runs two transactions. The first one stops right before its commit, until the second one waits
 * for it or has ended. So a missing lock makes a test fail every time, whatever the timing.
 */
final class TwoTransactions implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final DataSource database;
  private final JpaStorage storage;

  /** What a transaction does. */
  interface Step {
    void run(JpaStorage storage);
  }

  TwoTransactions(DataSource database) {
    this.database = database;
    this.storage = storage(database);
  }

  JpaStorage storage() {
    return storage;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    storage.close();
  }

  void oneUponTheOther(Step first, Step second) throws Exception {
    CountDownLatch complete = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean holding = new AtomicBoolean();
    try (JpaStorage held = storage(heldBeforeCommit(holding, complete, released))) {
      held.verify();
      holding.set(true);
      Future<?> one = threads.submit(() -> first.run(held));
      assertThat(complete.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Future<?> other = threads.submit(() -> second.run(storage));
      Instant deadline = Instant.now().plus(PATIENCE);
      while (!other.isDone() && !somebodyWaits()) {
        assertThat(Instant.now()).isBefore(deadline);
        Thread.onSpinWait();
      }
      released.countDown();
      one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      other.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      released.countDown();
    }
  }

  /** What is looked at while a step waits. */
  interface Look {
    void run() throws SQLException;
  }

  /** Holds a row, looks around once a step waits for it, and lets go. */
  void whileLocked(SampleTenant tenant, String table, String id, Step step, Look look)
      throws Exception {
    try (Connection other = database.getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(row(tenant, table, id) + " FOR UPDATE");
      Future<?> waiting = threads.submit(() -> step.run(storage));
      Instant deadline = Instant.now().plus(PATIENCE);
      while (!somebodyWaits()) {
        assertThat(waiting.isDone()).isFalse();
        assertThat(Instant.now()).isBefore(deadline);
      }
      look.run();
      other.rollback();
      waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  boolean isLocked(SampleTenant tenant, String table, String id) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(row(tenant, table, id) + " FOR UPDATE NOWAIT");
      return false;
    } catch (SQLException refused) {
      assertThat(refused.getSQLState()).isEqualTo("55P03");
      return true;
    }
  }

  private static String row(SampleTenant tenant, String table, String id) {
    return "SELECT 1 FROM %s WHERE tenant = '%s' AND id = '%s'".formatted(table, tenant.name(), id);
  }

  boolean somebodyWaits() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                               WHERE datname = current_database() AND wait_event_type = 'Lock')
                """)) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private static JpaStorage storage(DataSource dataSource) {
    return new JpaStorage(() -> dataSource, false, new PostgresDialect());
  }

  /** Connections that commit what they have written when they are closed, and not before. */
  private DataSource heldBeforeCommit(
      AtomicBoolean holding, CountDownLatch complete, CountDownLatch released) {
    return StatementLog.proxy(
        DataSource.class,
        (self, method, arguments) ->
            StatementLog.call(database, method, arguments) instanceof Connection connection
                ? heldBeforeCommit(connection, holding, complete, released)
                : null);
  }

  private static Connection heldBeforeCommit(
      Connection connection,
      AtomicBoolean holding,
      CountDownLatch complete,
      CountDownLatch released) {
    AtomicBoolean writes = new AtomicBoolean();
    return StatementLog.proxy(
        Connection.class,
        (self, method, arguments) -> {
          if (method.getName().equals("prepareStatement")
              && holding.get()
              && writes((String) arguments[0])) {
            writes.set(true);
            connection.setAutoCommit(false);
          }
          boolean ends = List.of("commit", "close").contains(method.getName());
          if (ends && writes.getAndSet(false)) {
            complete.countDown();
            released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (method.getName().equals("close")) {
              connection.commit();
              connection.setAutoCommit(true);
            }
          }
          return StatementLog.call(connection, method, arguments);
        });
  }

  private static boolean writes(String sql) {
    return !sql.startsWith("SELECT") || sql.contains("INSERT INTO");
  }
}
