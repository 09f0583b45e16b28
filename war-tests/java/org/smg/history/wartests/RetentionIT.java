package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.smg.history.storage.jpa.PostgresServer;

/** Days pass, by moving all times in the tables back, on a server that keeps history for ten. */
@OnLiberty
@TestInstance(Lifecycle.PER_CLASS)
class RetentionIT {

  private static final List<String> TABLES =
      List.of("conversations", "items", "responses", "feedback", "conversation_labels");

  private PostgresServer postgres;
  private DataSource database;
  private ApplicationServer server;
  private Http user;
  private Http operator;

  @BeforeAll
  void start() throws Exception {
    KeyRing keys = KeyRing.named("retention");
    String userKey = keys.create("acme", "alice", "history-user");
    String operatorKey = keys.create("acme", "olga", "history-operator");
    postgres = new PostgresServer(Map.of());
    database = postgres.newDatabase("history");
    Map<String, String> options = new TreeMap<>(keys.options("tenant"));
    options.put("HISTORY_BACKEND", "postgres");
    options.put("POSTGRES_DB_URL", postgres.url("history"));
    options.put("HISTORY_RETENTION_DAYS", "10");
    options.put("HISTORY_RESPONSE_RETENTION_DAYS", "20");
    options.put("HISTORY_PURGE_INTERVAL_SECS", "4");
    server = TestServer.chosen().start("retention", options);
    user = server.http().with("Authorization: Bearer " + userKey);
    operator = server.http().with("Authorization: Bearer " + operatorKey);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
    postgres.close();
  }

  private void passDays(int days) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement columns = connection.createStatement();
        Statement update = connection.createStatement();
        ResultSet row =
            columns.executeQuery(
                """
                SELECT table_name, column_name FROM information_schema.columns
                JOIN information_schema.tables USING (table_schema, table_name)
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                  AND column_name LIKE '%\\_at'""")) {
      while (row.next()) {
        update.execute(
            "UPDATE %1$s SET %2$s = %2$s - %3$d"
                .formatted(row.getString(1), row.getString(2), days * 86_400_000_000L));
      }
    }
  }

  private long rows(List<String> tables) {
    long rows = 0;
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : tables) {
        try (ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
          row.next();
          rows += row.getLong(1);
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode retention() {
    return Fixtures.stored(operator.get("/v1/retention")).json();
  }

  @Test
  void whatIsDueIsNotShownAndIsRemovedSoonAfter() throws Exception {
    String conversation = Fixtures.conversation(user, List.of("one", "two"));
    Answer recorded =
        user.put(
            "/v1/responses/resp_due",
            "{\"conversation\":\"%s\",\"input\":\"in\",\"output\":[]}".formatted(conversation));
    assertThat(recorded.status()).as(recorded.toString()).isEqualTo(200);
    Fixtures.stored(user.post("/v1/responses/resp_due/feedback", "{\"rating\":\"positive\"}"));
    JsonNode before = retention();
    assertThat(before.path("object").textValue()).isEqualTo("retention");
    assertThat(before.path("conversations").path("days").intValue()).isEqualTo(10);
    assertThat(before.path("responses").path("days").intValue()).isEqualTo(20);
    assertThat(before.path("more_due").booleanValue()).isFalse();

    passDays(9);
    assertThat(user.get("/v1/conversations/" + conversation).status()).isEqualTo(200);
    passDays(2);

    String items = Fixtures.items(conversation);
    assertThat(user.get("/v1/conversations/" + conversation).status()).isEqualTo(404);
    assertThat(user.get(items).status()).isEqualTo(404);
    assertThat(user.post(items, "{\"items\":[{\"role\":\"user\",\"content\":\"late\"}]}").status())
        .isEqualTo(404);
    assertThat(user.get("/v1/conversations").ids()).isEmpty();
    assertThat(user.get("/v1/responses/resp_due").status()).isEqualTo(200);
    assertThat(user.get("/v1/feedback").ids()).hasSize(1);

    Writers.await(
        "no purge says that it removed the conversation",
        () -> retention().path("last_purge").path("removed").path("conversations").intValue() == 1);
    JsonNode purged = retention();
    assertThat(purged.path("conversations").path("oldest_at").isNull()).isTrue();
    assertThat(purged.path("responses").path("oldest_at").longValue()).isPositive();
    assertThat(rows(List.of("conversations", "items", "conversation_labels"))).isZero();

    passDays(10);
    assertThat(user.get("/v1/responses/resp_due").status()).isEqualTo(404);
    assertThat(user.get("/v1/responses").ids()).isEmpty();
    assertThat(user.get("/v1/feedback").ids()).isEmpty();
    Writers.await("the tables are not empty", () -> rows(TABLES) == 0);
    assertThat(retention().path("more_due").booleanValue()).isFalse();
    assertThat(user.put("/v1/responses/resp_due", "{\"output\":[]}").status()).isEqualTo(200);
    assertThat(user.get("/v1/retention").status()).isEqualTo(403);
    assertThat(operator.get("/v1/retention?days=1").status()).isEqualTo(400);
  }
}
