package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.smg.history.storage.jpa.PostgresServer;

/** What the figures show while PostgreSQL is away or its pool is empty, and that they show it. */
@OnLiberty
@TestInstance(Lifecycle.PER_CLASS)
class MetricsFaultsIT {

  private static final int POOL = 2;

  /** Far below every time-out of the backend, on a busy machine. */
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  private static final String ACTIVE = "smg_db_connections_active";
  private static final String REFUSED = "history_db_connections_refused_total";
  private static final String GET = "operation=\"get\",result=\"%s\",storage_type=\"conversation\"";

  private PostgresServer database;
  private ApplicationServer server;
  private Http http;

  @BeforeAll
  void start() throws IOException, SQLException {
    database = new PostgresServer(Map.of());
    database.newDatabase("history");
    server =
        TestServer.chosen()
            .start(
                "metrics-faults",
                Map.of(
                    "HISTORY_BACKEND", "postgres",
                    "POSTGRES_DB_URL", database.url("history"),
                    "POSTGRES_POOL_MAX_SIZE", Integer.toString(POOL)));
    http = server.http();
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
    database.close();
  }

  private Scrape scrapeAtOnce() {
    Instant begin = Instant.now();
    Scrape scrape = Scrape.of(http);
    assertThat(Duration.between(begin, Instant.now())).isLessThan(AT_ONCE);
    return scrape;
  }

  private static double gets(Scrape scrape, String result) {
    return scrape.value("smg_db_operations_total", GET.formatted(result));
  }

  @Test
  void anEmptyPoolShowsAsTimeoutsAndRefusedConnections() throws SQLException {
    String conversation = Fixtures.conversation(http);
    Scrape before = Scrape.of(http);
    assertThat(before.value("history_db_connections_max")).isEqualTo(POOL);
    ExecutorService clients = Executors.newFixedThreadPool(POOL);
    try (Connection other = database.database("history").getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute(
          "SELECT 1 FROM conversations WHERE id = '%s' FOR UPDATE".formatted(conversation));
      List<CompletableFuture<Answer>> waiting =
          IntStream.range(0, POOL)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () ->
                              http.post(
                                  items(conversation),
                                  "{\"items\":[%s]}".formatted(Fixtures.messages(List.of("x")))),
                          clients))
              .toList();
      Writers.await("the pool is not empty", () -> Scrape.of(http).value(ACTIVE) == POOL);

      assertThat(http.get("/v1/conversations/" + conversation).status()).isEqualTo(503);

      Scrape empty = scrapeAtOnce();
      assertThat(empty.value(ACTIVE)).isEqualTo(POOL);
      assertThat(empty.value("smg_http_connections_active")).isEqualTo(POOL + 1);
      assertThat(gets(empty, "timeout")).isEqualTo(gets(before, "timeout") + 1);
      assertThat(empty.value(REFUSED)).isGreaterThan(before.value(REFUSED));
      other.rollback();
      waiting.forEach(each -> stored(each.join()));
      assertThat(Scrape.of(http).value(ACTIVE)).isZero();
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void aDatabaseThatIsAwayShowsAsErrors() throws IOException {
    String path = "/v1/conversations/" + Fixtures.conversation(http);
    Scrape before = Scrape.of(http);
    database.close();
    Scrape away;
    try {
      for (int i = 0; i < 3; i++) {
        assertThat(http.get(path).status()).isEqualTo(503);
      }
      away = scrapeAtOnce();
    } finally {
      database.start();
    }

    assertThat(gets(away, "error") + gets(away, "timeout"))
        .isEqualTo(gets(before, "error") + gets(before, "timeout") + 3);
    assertThat(gets(away, "error")).isGreaterThan(gets(before, "error"));
    assertThat(away.value(REFUSED)).isGreaterThan(before.value(REFUSED));
    assertThat(away.value(ACTIVE)).isZero();
    assertThat(
            away.value(
                "smg_http_responses_total",
                "error_code=\"\",path=\"/v1/conversations/{id}\",status_code=\"503\""))
        .isEqualTo(
            before.value(
                    "smg_http_responses_total",
                    "error_code=\"\",path=\"/v1/conversations/{id}\",status_code=\"503\"")
                + 3);
    http.awaitStatus(200);
  }
}
