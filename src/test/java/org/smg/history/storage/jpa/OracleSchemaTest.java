package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.OracleDialect;
import org.smg.history.storage.jpa.schema.Schema;
import org.smg.history.storage.jpa.schema.SchemaMismatch;

/** The schema on H2 in its Oracle mode. */
class OracleSchemaTest {

  private static final Dialect DIALECT = new OracleDialect();
  private static final Dialect.Scripts SCRIPTS = DIALECT.scripts();
  private static final String VERSION_1 = "INSERT INTO history_schema (version) VALUES (1)";

  private OracleDatabase database;
  private DataSource owner;

  @BeforeEach
  void makeDatabase() throws SQLException {
    database = OracleDatabase.h2();
    owner = database.pool();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void anEmptySchemaIsMade() throws SQLException {
    schema(owner).check();
    schema(owner).check();

    assertThat(schema(owner).version()).isEqualTo(4);
  }

  @Test
  void aSchemaMadeByHandIsUsed() throws Exception {
    String script = OracleDatabase.numberedScripts();
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : OracleGrammar.statements(script)) {
        statement.execute(sql);
      }
    }

    schema(owner).check();

    assertThat(schema(owner).version()).isEqualTo(4);
  }

  /** As by a server that was killed: Oracle commits each CREATE TABLE by itself. */
  @Test
  void aSchemaThatNobodyCompletesStopsTheStart() throws SQLException {
    database.run("CREATE TABLE history_schema (version NUMBER(10) NOT NULL PRIMARY KEY)");

    assertThatThrownBy(
            () -> new Schema(owner, DIALECT, SCRIPTS, false, Duration.ofSeconds(1)).check())
        .isInstanceOf(SchemaMismatch.class)
        .hasMessage(
            "Database schema: its tables are only partly created, and no other server completed"
                + " them within 1 s; drop them and start again");
  }

  @Test
  void aServerWaitsForTheTablesThatAnotherOneIsMaking() throws Exception {
    startWhileAnotherServerHasMade(1);
  }

  /** The other server has ended its first script, and not begun with the next one. */
  @Test
  void aServerThatLooksBetweenTwoScriptsOfAnotherOneWaitsToo() throws Exception {
    startWhileAnotherServerHasMade(
        OracleGrammar.statements(OracleDatabase.numberedScripts()).indexOf(VERSION_1) + 1);
  }

  private void startWhileAnotherServerHasMade(int statements) throws Exception {
    CountDownLatch asked = new CountDownLatch(5);
    DataSource observed =
        InterceptedDataSource.dataSource(
            owner,
            sql -> {
              if (sql.startsWith("SELECT MAX(version)")) {
                asked.countDown();
              }
              return sql;
            },
            error -> error);
    List<String> script = OracleGrammar.statements(OracleDatabase.numberedScripts());
    ExecutorService server = Executors.newSingleThreadExecutor();
    try (Connection connection = owner.getConnection();
        Statement other = connection.createStatement()) {
      for (String sql : script.subList(0, statements)) {
        other.execute(sql);
      }

      Future<?> start =
          server.submit(
              () -> {
                schema(observed).check();
                return null;
              });
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(start.isDone()).isFalse();
      for (String sql : script.subList(statements, script.size())) {
        other.execute(sql);
      }

      start.get(20, TimeUnit.SECONDS);
    } finally {
      server.shutdownNow();
    }
    assertThat(schema(owner).version()).isEqualTo(4);
  }

  @Test
  void aSchemaThatStaysOlderStopsTheStart() throws Exception {
    List<String> script = OracleGrammar.statements(OracleDatabase.numberedScripts());
    run(script.subList(0, script.indexOf(VERSION_1) + 1));

    assertThatThrownBy(
            () -> new Schema(owner, DIALECT, SCRIPTS, false, Duration.ofSeconds(1)).check())
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageStartingWith("Database schema: it has version 1; run V2");
  }

  /** Both see an empty schema; the slower one fails at a table that is there meanwhile. */
  @Test
  void aServerThatFindsTheTablesBegunWhileItMakesThemWaitsToo() throws Exception {
    List<String> script = OracleGrammar.statements(OracleDatabase.numberedScripts());
    AtomicBoolean first = new AtomicBoolean(true);
    DataSource overtaken =
        InterceptedDataSource.dataSource(
            owner,
            sql -> {
              if (sql.contains("CREATE TABLE history_schema") && first.getAndSet(false)) {
                run(script);
              }
              return sql;
            },
            error -> error);

    schema(overtaken).check();

    assertThat(first).isFalse();
    assertThat(number("SELECT COUNT(*) FROM history_schema")).isEqualTo(4);
  }

  private void run(List<String> script) {
    try {
      for (String sql : script) {
        database.run(database.translated(sql));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aUserWithoutRightsToMakeTablesIsToldWhichScriptsToRun() throws SQLException {
    database.run("CREATE USER history_app PASSWORD 'p'");
    JdbcDataSource runtime = new JdbcDataSource();
    try (Connection connection = owner.getConnection()) {
      runtime.setURL(connection.getMetaData().getURL());
    }
    runtime.setUser("history_app");
    runtime.setPassword("p");

    assertThatThrownBy(() -> schema(database.intercepted(runtime)).check())
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageContaining("run the scripts of db-scripts/oracle as its owner");
  }

  @Test
  void anotherCharacterSetStopsTheStart() {
    DataSource western =
        InterceptedDataSource.dataSource(
            owner,
            sql -> sql.startsWith("SELECT value") ? "SELECT 'WE8MSWIN1252' FROM dual" : sql,
            error -> error);

    assertThatThrownBy(() -> schema(western).check())
        .isInstanceOf(SchemaMismatch.class)
        .hasMessage(
            "Database schema: the database's character set is WE8MSWIN1252; it must be AL32UTF8");
  }

  @Test
  void viewsShowTimesForPeople() throws SQLException {
    schema(owner).check();
    database.run(
        "INSERT INTO conversations (tenant, id, owner, created_at, updated_at, next_position, metadata)"
            + " VALUES ('t', 'c', NULL, 1795345200123456, 0, 1, '{}')");

    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT created FROM readable_conversations")) {
      rows.next();
      assertThat(rows.getObject(1, LocalDateTime.class)).isEqualTo("2026-11-22T11:00:00.123456");
    }
  }

  private static Schema schema(DataSource dataSource) {
    return new Schema(dataSource, DIALECT, DIALECT.scripts(), false);
  }

  private long number(String sql) throws SQLException {
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
