package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.jpa.PostgresServer;

/** What stops the start of a server on PostgreSQL. */
@OnLiberty
class PostgresStartIT {

  @Test
  void aSchemaOfSomebodyElseStopsTheStartWithOneLine() throws Exception {
    try (PostgresServer database = new PostgresServer(Map.of())) {
      PostgresServer.run(database.newDatabase("foreign_one"), "CREATE TABLE orders (id integer)");
      try (LibertyServer server =
          LibertyServer.named("postgres-foreign")
              .environment(
                  Map.of(
                      "HISTORY_BACKEND",
                      "postgres",
                      "POSTGRES_DB_URL",
                      database.url("foreign_one")))
              .make()) {
        server.launch();

        assertThat(server.awaitEnd()).isEqualTo(1);
        assertThat(server.read("console.log"))
            .contains(
                "[ERROR   ] Database schema: it contains tables that are not those of the chat history");
        assertThat(server.log()).doesNotContain(PostgresServer.PASSWORD);
      }
    }
  }

  @Test
  void aUrlThatIsWrongStopsTheStartWithOneLineThatNamesThePart() {
    try (LibertyServer server =
        LibertyServer.named("postgres-wrong-url")
            .environment(
                Map.of(
                    "HISTORY_BACKEND",
                    "postgres",
                    "POSTGRES_DB_URL",
                    "postgres://u:%s@localhost/x?sslmod=require"
                        .formatted(PostgresServer.PASSWORD)))
            .make()) {
      server.launch();

      assertThat(server.awaitEnd()).isEqualTo(1);
      assertThat(server.read("console.log"))
          .contains("[ERROR   ] postgres-db-url: parameter 1 has an unknown name");
      assertThat(server.log()).doesNotContain(PostgresServer.PASSWORD);
    }
  }
}
