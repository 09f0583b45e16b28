package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.smg.postgres.UrlDataSource;

/** Two servers that found an empty PostgreSQL. */
@TestInstance(Lifecycle.PER_CLASS)
@OnLiberty
class PostgresFleetIT implements LibertyFleetContract {

  private final Map<String, String> store = TestBackend.POSTGRES.environment();
  private final Fleet fleet = Fleet.start("postgres-fleet", TestBackend.POSTGRES, store);

  @Override
  public Fleet fleet() {
    return fleet;
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  void oneOfTheServersMadeTheSchema() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(strings(statement, "SELECT script || ' ' || success FROM flyway_schema_history"))
          .containsExactly(
              "V1__history.sql true",
              "V2__stored_bytes.sql true",
              "V3__retention.sql true",
              "V4__runs.sql true",
              "R__first_statistics.sql true");
    }
  }

  /** The first step of a rolling upgrade: these servers stand for those of the older version. */
  @Test
  void serversThatRunGoOnWhenTheSchemaBecomesThatOfALaterVersion() throws Exception {
    RoundRobin inTurn = fleet.inTurn();
    String conversation = Fixtures.conversation(fleet.first());
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        Readers readers = new Readers(inTurn, fleet.first(), conversation)) {
      readers.awaitRounds(40);
      try (Writers writers = new Writers(inTurn, conversation)) {
        writers.awaitWrites(50);
        for (String table : tables(statement)) {
          statement.execute("ALTER TABLE " + table + " ADD COLUMN later text DEFAULT 'x'");
        }
        statement.execute(
            "INSERT INTO history_schema (version) SELECT MAX(version) + 1 FROM history_schema");
        readers.awaitRounds(10);
        writers.awaitWrites(50);
        readers.finish();
        writers.finish();
        writers.assertKept(inTurn.itemIds(conversation));
      }
    }
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables =
        strings(
            statement,
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                + " AND tablename NOT LIKE 'flyway%'");
    assertThat(tables).hasSizeGreaterThan(5);
    return tables;
  }

  private static List<String> strings(Statement statement, String query) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }

  private Connection connect() throws SQLException {
    UrlDataSource database = new UrlDataSource();
    database.setUrl(store.get("POSTGRES_DB_URL"));
    return database.getConnection();
  }
}
