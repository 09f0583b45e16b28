package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.config.Settings;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.jpa.dialect.PostgresDialect;
import org.smg.postgres.UrlDataSource;

/** What goes wrong between a server and its database, without the server. */
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class FaultTest {

  private PostgresServer server;
  private DataSource database;

  @BeforeAll
  void makeDatabase(PostgresServer shared) throws SQLException {
    server = shared;
    database = shared.newDatabase("faults");
  }

  @Test
  void serializationFailuresAreRetried() throws Exception {
    DataSource strict = url("?options=-c%20default_transaction_isolation%3Dserializable");
    try (JpaStorage storage = storage(strict)) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv");
      atOnce(
          4,
          writer -> {
            for (int i = 0; i < 10; i++) {
              tenant.append(conversation, message("msg_" + writer + "_" + i));
            }
          });
      assertThat(tenant.itemIds(conversation)).hasSize(40).doesNotHaveDuplicates();
    }
  }

  @Test
  void aDeadlockIsRetried() throws Exception {
    try (JpaStorage storage = storage(url(""));
        Connection other = database.getConnection();
        Statement statement = other.createStatement()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key first = tenant.conversation("conv_a", message("known"));
      other.setAutoCommit(false);
      // Holds the lock of the new id, on which the append will wait with the conversation's.
      statement.execute("SET LOCAL deadlock_timeout = '60s'");
      statement.execute(
          "SELECT pg_advisory_xact_lock(hashtextextended('history ' || '%s' || ' new', 0))"
              .formatted(tenant.name()));
      ExecutorService appender = Executors.newSingleThreadExecutor();
      try {
        Future<?> append = appender.submit(() -> tenant.append(first, message("new")));
        awaitLockWaits(1);
        // Closes the circle: the append, whose patience ends first, is the one that is given up.
        statement.execute(
            "UPDATE conversations SET updated_at = 0 WHERE tenant = '%s'".formatted(tenant.name()));
        other.commit();
        append.get();
      } finally {
        appender.shutdownNow();
      }
      assertThat(tenant.itemIds(first)).containsExactly("known", "new");
    }
  }

  @Test
  void aStatementThatTakesTooLongIsUnavailable() throws Exception {
    try (JpaStorage storage = storage(url("?options=-c%20statement_timeout%3D500"));
        Connection other = database.getConnection();
        Statement statement = other.createStatement()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv");
      other.setAutoCommit(false);
      statement.execute(
          "SELECT 1 FROM conversations WHERE tenant = '%s' FOR UPDATE".formatted(tenant.name()));

      assertUnavailableWithin(
          Duration.ofSeconds(5), () -> tenant.append(conversation, message("msg")));

      other.rollback();
      tenant.append(conversation, message("msg"));
      assertThat(tenant.itemIds(conversation)).containsExactly("msg");
    }
  }

  @Test
  void aNetworkThatNeverAnswersIsUnavailableWithinTheConnectTimeout() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        JpaStorage storage =
            storage(
                source(
                    "postgres://u:top-secret@localhost:%d/db?connect_timeout=2&sslmode=prefer"
                        .formatted(silent.getLocalPort())))) {
      assertUnavailableWithin(Duration.ofSeconds(6), storage::verify);
    }
  }

  @Test
  void aClosedPortIsUnavailableAtOnceAndNamesNoSecret() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    try (JpaStorage storage =
        storage(source("postgres://u:top-secret@localhost:%d/db".formatted(port)))) {
      assertThatThrownBy(storage::verify)
          .isInstanceOf(HistoryFailure.Unavailable.class)
          .hasStackTraceContaining("refused")
          .satisfies(
              failure ->
                  assertThat(failure.toString() + failure.getCause()).doesNotContain("top-secret"));
    }
  }

  @Test
  void aWrongPasswordOrDatabaseIsUnavailable() throws Exception {
    try (JpaStorage storage =
        storage(source("postgres://postgres@localhost:%d/nowhere".formatted(server.port())))) {
      assertThatThrownBy(storage::verify)
          .isInstanceOf(HistoryFailure.Unavailable.class)
          .hasStackTraceContaining("\"nowhere\" does not exist");
    }
  }

  @Test
  void connectionsThatTheServerEndsAreUnavailableOnceAndThenReplaced() throws Exception {
    DataSource pool = server.pool("faults");
    try (JpaStorage storage = storage(pool)) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv");
      PostgresServer.run(
          database,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'faults'"
              + " AND pid <> pg_backend_pid()");

      assertThatThrownBy(() -> tenant.append(conversation, message("msg_1")))
          .isInstanceOf(HistoryFailure.Unavailable.class);
    }
  }

  private interface Write {
    void by(int writer);
  }

  private static void atOnce(int writers, Write write) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int writer = i;
        running.add(threads.submit(() -> write.by(writer)));
      }
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private void awaitLockWaits(int wanted) throws SQLException {
    Instant deadline = Instant.now().plusSeconds(30);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      while (Instant.now().isBefore(deadline)) {
        try (var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'faults'"
                    + " AND wait_event_type = 'Lock'")) {
          rows.next();
          if (rows.getInt(1) >= wanted) {
            return;
          }
        }
      }
    }
    throw new AssertionError("nobody waits for a lock");
  }

  private static void assertUnavailableWithin(Duration limit, Runnable operation) {
    Instant start = Instant.now();
    assertThatThrownBy(operation::run).isInstanceOf(HistoryFailure.Unavailable.class);
    assertThat(Duration.between(start, Instant.now())).isLessThan(limit);
  }

  private DataSource url(String parameters) throws SQLException {
    return source("postgres://postgres@localhost:%d/faults%s".formatted(server.port(), parameters));
  }

  private static DataSource source(String url) throws SQLException {
    UrlDataSource source = new UrlDataSource();
    source.setUrl(url);
    return source;
  }

  private static JpaStorage storage(DataSource dataSource) {
    return new JpaStorage(
        () -> dataSource, new Settings(option -> Optional.empty()), new PostgresDialect());
  }
}
