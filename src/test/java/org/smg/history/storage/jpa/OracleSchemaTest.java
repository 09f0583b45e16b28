package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
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

    assertThat(schema(owner).version()).isEqualTo(1);
  }

  @Test
  void aSchemaMadeByHandIsUsed() throws Exception {
    String script = Files.readString(Path.of("db-scripts/oracle/V1__history.sql"));
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : OracleGrammar.statements(script)) {
        statement.execute(sql);
      }
    }

    schema(owner).check();

    assertThat(schema(owner).version()).isEqualTo(1);
  }

  @Test
  void aSchemaThatWasOnlyPartlyCreatedStopsTheStart() throws SQLException {
    database.run("CREATE TABLE history_schema (version NUMBER(10) NOT NULL PRIMARY KEY)");

    assertThatThrownBy(() -> schema(owner).check())
        .isInstanceOf(SchemaMismatch.class)
        .hasMessage(
            "Database schema: its tables were only partly created; drop them and start again");
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
    database.run("INSERT INTO conversations VALUES ('t', 'c', NULL, 1795345200123456, 0, 1, '{}')");

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
