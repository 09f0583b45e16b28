package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.model.Conversation;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Scope;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.jpa.dialect.OracleDialect;
import org.smg.history.storage.jpa.dialect.PostgresDialect;
import org.smg.oracle.ListenerStub;
import org.smg.oracle.LoginDataSource;
import org.smg.postgres.UrlDataSource;

/** Faults of the database, of the network to it and of pools, without a server. */
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

  /** A transaction at this level would fail where two append to one conversation at once. */
  @Test
  void aSessionReadsCommittedRowsWhateverTheDefaultIs() throws Exception {
    DataSource strict = url("?options=-c%20default_transaction_isolation%3Dserializable");

    try (Connection connection = strict.getConnection()) {
      assertThat(connection.getTransactionIsolation())
          .isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
    }
  }

  @Test
  void serializationFailuresAreRetried() throws Exception {
    try (JpaStorage storage = storage(url(""))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv");
      refuseItems(tenant, "serialization_failure", "two_failures", 2);

      tenant.append(conversation, message("msg"));

      assertThat(number("SELECT last_value FROM two_failures")).isEqualTo(3);
      assertThat(tenant.itemIds(conversation)).containsExactly("msg");
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
      // Holds the place that the append is about to take. The append waits for it, while it holds
      // the conversation's row.
      statement.execute("SET LOCAL deadlock_timeout = '60s'");
      statement.execute(
          "INSERT INTO items VALUES ('%s', 'conv_a', 2, 'other', 'message', NULL, NULL, 1, '{}')"
              .formatted(tenant.name()));
      ExecutorService appender = Executors.newSingleThreadExecutor();
      try {
        Future<?> append = appender.submit(() -> tenant.append(first, message("new")));
        awaitLockWaits(database, 1);
        // Closes the circle. The append's deadlock_timeout ends first, so it is the one that fails.
        statement.execute(
            "UPDATE conversations SET updated_at = 0 WHERE tenant = '%s'".formatted(tenant.name()));
        other.rollback();
        append.get();
      } finally {
        appender.shutdownNow();
      }
      assertThat(tenant.itemIds(first)).containsExactly("known", "new");
    }
  }

  @Test
  void aTransactionThatNeverSucceedsIsGivenUpAfterPauses() throws Exception {
    try (JpaStorage storage = storage(url(""))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv");
      refuseItems(tenant, "serialization_failure", "serialization_failure", 1_000_000);

      assertUnavailableWithin(
          Backoff.LIMIT.plusSeconds(3), () -> tenant.append(conversation, message("msg")));

      // Pauses of 0.1 s on average. Without them, there would be hundreds of attempts.
      assertThat(number("SELECT last_value FROM serialization_failure")).isBetween(3L, 100L);
      assertThat(tenant.itemIds(conversation)).isEmpty();
    }
  }

  @Test
  void anInterruptionEndsTheAttempts() throws Exception {
    try (JpaStorage storage = storage(url(""))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv");
      refuseItems(tenant, "deadlock_detected", "deadlock_detected", 1_000_000);
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> tenant.append(conversation, message("msg")))
          .isInstanceOf(HistoryFailure.Unavailable.class);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(number("SELECT last_value FROM deadlock_detected")).isEqualTo(1);
    }
  }

  /** Makes inserts of items fail, so many times, and counts the attempts in a sequence. */
  private void refuseItems(SampleTenant tenant, String error, String sequence, int times)
      throws SQLException {
    PostgresServer.run(
        database,
        """
        CREATE SEQUENCE %2$s;
        CREATE FUNCTION %2$s() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('%2$s') <= %4$d THEN
            RAISE EXCEPTION 'refused' USING ERRCODE = '%1$s';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER %2$s BEFORE INSERT ON items FOR EACH ROW WHEN (NEW.tenant = '%3$s')
        EXECUTE FUNCTION %2$s();
        """
            .formatted(error, sequence, tenant.name(), times));
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

  @Test
  void aFaultOfThisProgramIsThrownAsItIs() throws Exception {
    try (JpaStorage storage = storage(url(""))) {
      Key key = SampleTenant.fresh(storage).key("conv");
      Conversation withoutTimes = new Conversation(key, null, null, null, Metadata.NONE);

      assertThatThrownBy(
              () ->
                  storage
                      .conversations()
                      .create(Scope.ofTenant(key.tenant()), withoutTimes, List.of()))
          .isInstanceOf(NullPointerException.class)
          .hasStackTraceContaining("Statements.conversation");
    }
  }

  @Test
  void anErrorInAStatementIsThrownAsItIs() throws Exception {
    server.newDatabase("faults_schema");
    DataSource other = server.database("faults_schema");
    try (JpaStorage storage = storage(other)) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      tenant.conversation("conv");
      PostgresServer.run(other, "ALTER TABLE conversations RENAME COLUMN metadata TO other");

      assertThatThrownBy(() -> storage.conversations().find(tenant.scope(), "conv"))
          .isNotInstanceOf(HistoryFailure.class)
          .hasStackTraceContaining("metadata");
    }
  }

  @Test
  void aPoolThatRaisesAnythingIsUnavailable() {
    DataSource broken =
        StatementLog.proxy(
            DataSource.class,
            (self, method, arguments) -> {
              throw new IllegalStateException("the pool is shut down");
            });
    try (JpaStorage storage = storage(broken)) {
      assertThatThrownBy(storage::verify)
          .isInstanceOf(HistoryFailure.Unavailable.class)
          .hasRootCauseMessage("the pool is shut down");
    }
  }

  @Test
  void aDataSourceThatIsNotThereIsUnavailable() {
    try (JpaStorage storage =
        new JpaStorage(false, false, new PostgresDialect(), ByteMeter.NONE, Horizon.NONE)) {
      assertThatThrownBy(storage::verify)
          .isInstanceOf(HistoryFailure.Unavailable.class)
          .hasMessage("There is no data source java:comp/env/jdbc/history.");
    }
  }

  @Test
  void aListenerWhoseAnswerIsTooShortIsUnavailable() throws Exception {
    try (ListenerStub listener = new ListenerStub(ListenerStub.Answer.TOO_SHORT)) {
      LoginDataSource source = new LoginDataSource();
      source.setDsn("//localhost:%d/orders".formatted(listener.port()));
      source.setUser("history_app");
      source.setPassword("top-secret");
      try (JpaStorage storage = new JpaStorage(() -> source, false, new OracleDialect())) {
        assertThatThrownBy(storage::verify).isInstanceOf(HistoryFailure.Unavailable.class);
      }
    }
  }

  /** With the time-outs that hold by default. */
  @Test
  void anOracleThatHangsCostsTenSecondsAtMostAndThenNobodyWaits() throws Exception {
    try (ListenerStub listener = new ListenerStub(ListenerStub.Answer.SILENCE)) {
      LoginDataSource source = new LoginDataSource();
      source.setDsn("//localhost:%d/orders".formatted(listener.port()));
      source.setUser("history_app");
      source.setPassword("top-secret");
      try (JpaStorage storage = new JpaStorage(() -> source, false, new OracleDialect())) {
        SampleTenant tenant = SampleTenant.fresh(storage);
        Key conversation = tenant.key("conv");
        assertUnavailableWithin(Duration.ofSeconds(10), () -> tenant.items(conversation));

        await("the storage is still ready", () -> !isReady(storage));
        for (int i = 0; i < 100; i++) {
          assertUnavailableWithin(Duration.ofMillis(500), () -> tenant.items(conversation));
          assertUnavailableWithin(Duration.ofMillis(500), storage::checkReady);
        }
      }
    }
  }

  @Test
  void aPoolThatIsFullyUsedIsReadyAndADatabaseThatIsStoppedIsNot() throws Exception {
    ExecutorService appenders = Executors.newFixedThreadPool(2);
    // Otherwise the tables could be lost when the server is killed.
    Map<String, String> durable = Map.of("fsync", "on", "synchronous_commit", "on");
    try (PostgresServer own = new PostgresServer(durable)) {
      DataSource unpooled = own.newDatabase("busy");
      try (JpaStorage storage = storage(own.pool("busy", 2));
          Connection other = unpooled.getConnection();
          Statement statement = other.createStatement()) {
        SampleTenant tenant = SampleTenant.fresh(storage);
        Key conversation = tenant.conversation("conv");
        other.setAutoCommit(false);
        statement.execute("SELECT 1 FROM conversations FOR UPDATE");
        List<Future<?>> waiting = new ArrayList<>();
        for (String id : List.of("msg_1", "msg_2")) {
          waiting.add(appenders.submit(() -> tenant.append(conversation, message(id))));
        }
        awaitLockWaits(unpooled, 2);

        Instant start = Instant.now();
        storage.checkReady();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));

        own.kill();
        for (Future<?> append : waiting) {
          assertThatThrownBy(append::get).hasCauseInstanceOf(HistoryFailure.Unavailable.class);
        }
        await("the storage is still ready", () -> !isReady(storage));

        own.start();
        await("the storage is not ready again", () -> isReady(storage));
      }
    } finally {
      appenders.shutdownNow();
    }
  }

  /** Its processes are stopped, so that connections stay open and nothing is answered. */
  @Test
  void aDatabaseThatHangsIsNoticedByItsProbeAndFoundAgainWhenItAnswers() throws Exception {
    try (PostgresServer own = new PostgresServer(Map.of())) {
      own.newDatabase("hanging");
      try (JpaStorage storage = storage(own.pool("hanging"))) {
        SampleTenant tenant = SampleTenant.fresh(storage);
        Key conversation = tenant.conversation("conv");
        storage.checkReady();

        own.pause();
        Instant asked = Instant.now();
        storage.checkReady();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(1));
        await("the storage is still ready", () -> !isReady(storage));
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(6));
        for (int i = 0; i < 100; i++) {
          assertUnavailableWithin(Duration.ofMillis(500), () -> tenant.items(conversation));
          assertUnavailableWithin(Duration.ofMillis(500), storage::checkReady);
        }

        own.resume();
        Instant back = Instant.now();
        await("the storage is not ready again", () -> isReady(storage));
        assertThat(Duration.between(back, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(tenant.items(conversation)).isEmpty();
      }
    }
  }

  /** As on a server whose pool is used by other applications too. */
  @Test
  void aPoolThatGivesNoConnectionIsReadyOnlyAfterTheDatabaseHasAnswered() throws Exception {
    AtomicBoolean exhausted = new AtomicBoolean(true);
    DataSource pool = url("");
    DataSource limited =
        StatementLog.proxy(
            DataSource.class,
            (self, method, arguments) -> {
              if (exhausted.get()) {
                throw new SQLTransientConnectionException("no connection became free in 5 s");
              }
              return StatementLog.call(pool, method, arguments);
            });
    try (JpaStorage storage = storage(limited)) {
      assertThatThrownBy(storage::verify).isInstanceOf(HistoryFailure.Unavailable.class);
      exhausted.set(false);
      storage.verify();
      exhausted.set(true);

      storage.verify();
    }
  }

  private static boolean isReady(JpaStorage storage) {
    try {
      storage.checkReady();
      return true;
    } catch (HistoryFailure.Unavailable notYet) {
      return false;
    }
  }

  private static void await(String fault, BooleanSupplier condition) {
    Instant deadline = Instant.now().plusSeconds(30);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(fault).isBefore(deadline);
    }
  }

  private long number(String query) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
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

  private static void awaitLockWaits(DataSource database, int wanted) throws SQLException {
    Instant deadline = Instant.now().plusSeconds(30);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      while (Instant.now().isBefore(deadline)) {
        try (var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
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
    return new JpaStorage(() -> dataSource, false, new PostgresDialect());
  }
}
