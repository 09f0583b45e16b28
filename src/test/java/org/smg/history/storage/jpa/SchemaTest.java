package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.model.Feedback;
import org.smg.history.model.Metadata;
import org.smg.history.model.Rating;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.PostgresDialect;
import org.smg.history.storage.jpa.schema.Schema;
import org.smg.history.storage.jpa.schema.SchemaMismatch;
import org.smg.postgres.UrlDataSource;

@ExtendWith(PostgresServer.Shared.class)
class SchemaTest {

  private static final Dialect DIALECT = new PostgresDialect();
  private static final Dialect.Scripts SCRIPTS = DIALECT.scripts();
  private static final Dialect.Scripts NEXT = new Dialect.Scripts(5, List.of("postgres", "next"));

  private final String name = "schema_" + UUID.randomUUID().toString().replace('-', '_');
  private PostgresServer server;
  private DataSource owner;

  @BeforeEach
  void makeDatabase(PostgresServer shared) throws SQLException {
    server = shared;
    owner = shared.newDatabase(name);
  }

  @Test
  void anEmptySchemaIsMade() throws SQLException {
    check(owner, SCRIPTS, false);

    assertThat(new Schema(owner, DIALECT, SCRIPTS, false).version()).isEqualTo(4);
  }

  @Test
  void aSchemaThatFitsIsLeftAlone() throws SQLException {
    check(owner, SCRIPTS, false);
    PostgresServer.run(
        owner,
        "INSERT INTO flyway_schema_history SELECT 9, NULL, 'mark', 'SQL', 'x', 0, 'me', now(), 0, true");

    check(owner, SCRIPTS, true);

    assertThat(number("SELECT count(*) FROM flyway_schema_history")).isEqualTo(6);
  }

  @Test
  void twoServersThatStartAtOnceMakeItOnce() throws Exception {
    ExecutorService servers = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> starts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        starts.add(
            () -> {
              check(owner, SCRIPTS, false);
              return null;
            });
      }
      for (Future<Void> start : servers.invokeAll(starts)) {
        start.get();
      }
    } finally {
      servers.shutdownNow();
    }
    assertThat(number("SELECT count(*) FROM history_schema")).isEqualTo(4);
  }

  /** Who starts between two scripts would take the schema for one of an older version. */
  @Test
  void othersSeeNothingOfASchemaThatIsBeingMade() throws SQLException {
    List<String> seen = new ArrayList<>();
    DataSource watched =
        InterceptedDataSource.dataSource(
            owner,
            sql -> {
              if (sql.contains("CREATE TABLE") || sql.contains("ALTER TABLE")) {
                seen.add(versionsThatOthersSee());
              }
              return sql;
            },
            error -> error);

    check(watched, SCRIPTS, false);

    assertThat(seen).hasSizeGreaterThan(SCRIPTS.version()).containsOnly("none");
    assertThat(versionsThatOthersSee()).isEqualTo("4");
  }

  private String versionsThatOthersSee() {
    try (Connection connection = owner.getConnection()) {
      try (ResultSet tables =
          connection.getMetaData().getTables(null, "public", "history_schema", null)) {
        if (!tables.next()) {
          return "none";
        }
      }
      return Integer.toString(Schema.version(connection));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aDatabaseInAnotherEncodingStopsTheStart() throws SQLException {
    PostgresServer.run(
        owner,
        "CREATE DATABASE %s_latin1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"
            .formatted(name));

    assertThatThrownBy(() -> check(server.database(name + "_latin1"), SCRIPTS, false))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessage("Database schema: the database's encoding is LATIN1; it must be UTF8");
  }

  @Test
  void anotherLevelOfIsolationStopsTheStart() throws SQLException {
    PostgresServer.run(
        owner,
        "ALTER DATABASE %s SET default_transaction_isolation = 'repeatable read'".formatted(name));

    assertThatThrownBy(() -> check(owner, SCRIPTS, false))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessage(
            "Database schema: the data source's isolation level is 'repeatable read'; it must be"
                + " 'read committed'");
  }

  @Test
  void largeTextsAreCompressedWithLz4WhereTheServerHasIt() throws SQLException {
    check(owner, SCRIPTS, false);

    boolean hasLz4 =
        number(
                """
                SELECT count(*) FROM pg_settings
                WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
                """)
            > 0;
    assertThat(
            number(
                """
                SELECT count(*) FROM pg_attribute
                WHERE attrelid IN ('items'::regclass, 'responses'::regclass) AND attcompression = 'l'
                """))
        .isEqualTo(hasLz4 ? 4 : 0);
  }

  /** Otherwise each row of a tenant makes finding another one slower, until autovacuum has come. */
  @Test
  void rowsAreFoundByTheirKeysBeforePostgresHasStatisticsOfItsOwn() throws SQLException {
    check(owner, SCRIPTS, false);

    assertThat(plan("conversations WHERE tenant = $1 AND id = $2")).contains("conversations_pkey");
    assertThat(plan("responses WHERE tenant = $1 AND id = $2")).contains("responses_pkey");
    assertThat(plan("items WHERE tenant = $1 AND conversation_id = $2")).contains("items_pkey");
    assertThat(plan("response_item_ids WHERE tenant = $1 AND item_id = $2"))
        .contains("response_item_ids_pkey");
    assertThat(number("SELECT (SELECT count(*) FROM items) + (SELECT count(*) FROM responses)"))
        .isZero();
  }

  /** As kept by a session, for any values. */
  private String plan(String fromWhere) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET plan_cache_mode = force_generic_plan");
      statement.execute("PREPARE lookup (text, text) AS SELECT * FROM " + fromWhere);
      try (ResultSet rows = statement.executeQuery("EXPLAIN EXECUTE lookup ('a', 'b')")) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      statement.execute("DEALLOCATE lookup");
      statement.execute("RESET plan_cache_mode");
    }
    return plan.toString();
  }

  @Test
  void firstStatisticsLeaveRowsAlone() throws Exception {
    check(owner, SCRIPTS, false);
    PostgresServer.run(
        owner, "INSERT INTO idempotency_keys VALUES ('a', 'k', NULL, 'r', 200, NULL, 1)");

    PostgresServer.run(owner, PostgresServer.script("R__first_statistics.sql"));

    assertThat(number("SELECT count(*) FROM idempotency_keys")).isEqualTo(1);
  }

  @Test
  void anOlderSchemaStopsTheStartWithTheNameOfTheScript() throws SQLException {
    check(owner, SCRIPTS, false);

    assertThatThrownBy(() -> check(owner, NEXT, false))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessage(
            "Database schema: it has version 4; run V5__next.sql, or set"
                + " history-auto-migrate=true");
  }

  @Test
  void anOlderSchemaIsBroughtUpToDateWhereThatIsAllowed() throws SQLException {
    check(owner, SCRIPTS, false);

    check(owner, NEXT, true);

    assertThat(new Schema(owner, DIALECT, NEXT, false).version()).isEqualTo(5);
  }

  @Test
  void anOlderSchemaMadeByHandIsBroughtUpToDateToo() throws Exception {
    PostgresServer.run(owner, script());

    check(owner, NEXT, true);

    assertThat(new Schema(owner, DIALECT, NEXT, false).version()).isEqualTo(5);
  }

  @Test
  void aNewerSchemaStopsTheStart() throws SQLException {
    check(owner, NEXT, false);

    assertThatThrownBy(() -> check(owner, SCRIPTS, true))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageContaining("has version 5, made by a newer server; this one knows version 4");
  }

  @Test
  void aSchemaOfSomebodyElseStopsTheStartAndIsLeftAlone() throws SQLException {
    PostgresServer.run(owner, "CREATE TABLE items (id integer)");

    assertThatThrownBy(() -> check(owner, SCRIPTS, true))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageContaining("not those of the chat history");
    assertThat(number("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).isEqualTo(1);
  }

  @Test
  void aUserWithoutRightsToMakeTablesIsToldWhichScriptsToRun() throws Exception {
    assertThatThrownBy(() -> check(runtimeUser(), SCRIPTS, true))
        .isInstanceOf(SchemaMismatch.class)
        .hasMessageContaining("run the scripts of db-scripts/postgres as its owner");
  }

  @Test
  void aUserWithoutRightsToMakeTablesUsesThoseMadeByHand() throws Exception {
    DataSource runtime = runtimeUser();
    PostgresServer.run(owner, "SET ROLE history_owner;" + script());

    check(runtime, SCRIPTS, false);

    PostgresServer.run(runtime, "INSERT INTO conversations VALUES ('t', 'c', NULL, 0, 0, 1, '{}')");
    assertThatThrownBy(() -> PostgresServer.run(runtime, "DROP TABLE conversations"))
        .hasMessageContaining("must be owner");
    assertThatThrownBy(() -> PostgresServer.run(runtime, "CREATE TABLE mine (id integer)"))
        .hasMessageContaining("permission denied");
  }

  @Test
  void everyTableAndColumnHasAComment() throws SQLException {
    check(owner, SCRIPTS, false);

    assertThat(
            number(
                """
                SELECT count(*) FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 0 AND NOT a.attisdropped
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
                  AND c.relname <> 'flyway_schema_history'
                  AND (col_description(c.oid, a.attnum) IS NULL
                    OR obj_description(c.oid) IS NULL)
                """))
        .isZero();
  }

  @Test
  void viewsShowTimesForPeople() throws SQLException {
    check(owner, SCRIPTS, false);
    PostgresServer.run(
        owner, "INSERT INTO conversations VALUES ('t', 'c', NULL, 1795345200123456, 0, 1, '{}')");

    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TIME ZONE 'UTC'");
      try (ResultSet rows =
          statement.executeQuery("SELECT CAST(created AS text) FROM readable_conversations")) {
        rows.next();
        assertThat(rows.getString(1)).isEqualTo("2026-11-22 11:00:00.123456+00");
      }
    }
  }

  @Test
  void viewsShowCommentsForPeople() throws SQLException {
    String comment = "So \"gut\" 😀\nund kurz";
    try (JpaStorage storage = new JpaStorage(() -> owner, false, DIALECT)) {
      storage.verify();
      SampleTenant tenant = SampleTenant.fresh(storage);
      tenant.record(tenant.turn("resp"));
      storage
          .feedback()
          .add(
              tenant.scope(),
              new Feedback(
                  tenant.key("fb"),
                  null,
                  "resp",
                  null,
                  null,
                  Rating.POSITIVE,
                  comment,
                  null,
                  Metadata.NONE,
                  Samples.at(0)));
    }

    try (Connection connection = owner.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT comment FROM readable_feedback")) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo(comment);
    }
  }

  private static void check(DataSource dataSource, Dialect.Scripts scripts, boolean autoMigrate)
      throws SQLException {
    new Schema(dataSource, DIALECT, scripts, autoMigrate).check();
  }

  private static String script() throws IOException {
    return PostgresServer.numberedScripts();
  }

  /** Runs roles.sql, which is the same for every database of a server but for its rights. */
  private DataSource runtimeUser() throws Exception {
    PostgresServer.run(owner, Files.readString(Path.of("db-scripts/postgres/roles.sql")));
    UrlDataSource runtime = new UrlDataSource();
    runtime.setUrl("postgres://history_app@localhost:%d/%s".formatted(server.port(), name));
    return runtime;
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
