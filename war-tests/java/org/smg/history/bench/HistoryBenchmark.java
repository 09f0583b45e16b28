package org.smg.history.bench;

import java.io.IOException;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.jpa.PostgresServer;
import org.smg.history.wartests.LibertyServer;

/**
 * How fast the history is, as a part of what is possible at most. It fails when any answer is not
 * 200; the figures are for people to judge.
 */
class HistoryBenchmark {

  /**
   * Large enough for all that is stored meanwhile, some gigabytes, without the collector starting
   * to mark; and touched beforehand, since the first touch of a page costs more than the request.
   */
  private static final String HEAP = "10g";

  private static final int CONNECTIONS = 16;
  private static final double POSTGRES_AIM = 0.5;
  private static final Pace POSTGRES_MEASUREMENT = Pace.of(3, Duration.ofSeconds(3));

  /** Safe as shipped, but without checkpoints in between, which make figures swing. */
  static final Map<String, String> DURABLE =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "max_wal_size", "8GB",
          "shared_buffers", "512MB");

  private static final Pace WARM_UP = Pace.of(4, Duration.ofSeconds(5));
  private static final Pace SHORT_WARM_UP = Pace.of(1, Duration.ofSeconds(5));
  private static final Pace MEASUREMENT = Pace.of(5, Duration.ofSeconds(3));

  @Test
  void memory() throws IOException, InterruptedException {
    try (LibertyServer server =
        LibertyServer.named("bench")
            .environment(
                Map.of(
                    "HISTORY_BACKEND",
                    "memory",
                    "JVM_ARGS",
                    "-Xms" + HEAP + " -Xmx" + HEAP + " -XX:+AlwaysPreTouch"))
            .override("limit.xml", LimitWar.SERVER_XML)
            .file("apps/" + LimitWar.FILE_NAME, LimitWar.content())
            .start()) {
      Load load = new Load(URI.create(server.baseUrl()).getPort());
      List<Table.Row> rows = measure(load, new LimitWar(load));
      System.out.printf(
          "%nBackend memory, heap %s, %d processors, Java %s, medians of %s%n",
          HEAP, Runtime.getRuntime().availableProcessors(), Runtime.version(), MEASUREMENT);
      Table.print(System.out, rows);
    }
  }

  /** Needs {@code pgbench} on the path; server, database and load share the processors. */
  @Test
  void postgres() throws IOException, InterruptedException, SQLException {
    try (PostgresServer database = new PostgresServer(DURABLE)) {
      DataSource history = database.newDatabase("history");
      try (LibertyServer server =
          LibertyServer.named("bench-postgres")
              .environment(
                  Map.of(
                      "HISTORY_BACKEND", "postgres",
                      "POSTGRES_DB_URL", database.url("history"),
                      "JVM_ARGS", "-Xms1g -Xmx1g"))
              .start()) {
        PostgresServer.run(history, PgbenchScripts.PREPARATION);
        Load load = new Load(URI.create(server.baseUrl()).getPort());
        Map<String, Limit> limits =
            Map.of(
                "append",
                new Pgbench(database, "history", "append", PgbenchScripts.append()),
                "list",
                new Pgbench(database, "history", "list", PgbenchScripts.list()),
                "record",
                new Pgbench(database, "history", "record", PgbenchScripts.record()));
        List<Table.Row> rows = new ArrayList<>();
        for (int connections : List.of(CONNECTIONS, 1, 64)) {
          List<Comparison> comparisons =
              Scenarios.all().stream()
                  .filter(scenario -> limits.containsKey(scenario.name().split(" ")[0]))
                  .map(
                      scenario ->
                          new Comparison(
                              scenario.aimingAt(POSTGRES_AIM),
                              connections,
                              load,
                              limits.get(scenario.name().split(" ")[0])))
                  .toList();
          (connections == CONNECTIONS ? WARM_UP : SHORT_WARM_UP).measure(comparisons);
          comparisons.forEach(Comparison::forget);
          POSTGRES_MEASUREMENT.measure(comparisons);
          comparisons.forEach(comparison -> rows.add(comparison.row()));
        }
        System.out.printf(
            "%nBackend postgres, %d processors, Java %s, medians of %s%n",
            Runtime.getRuntime().availableProcessors(), Runtime.version(), POSTGRES_MEASUREMENT);
        Table.print(System.out, rows);
        printSizes(history);
      }
    }
  }

  /** Bytes on disk, indexes included, against the bytes of JSON. */
  private static void printSizes(DataSource database) throws SQLException {
    try (java.sql.Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : List.of("items", "responses", "response_items")) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), pg_total_relation_size('%1$s'), sum(octet_length(json)) FROM %1$s"
                    .formatted(table))) {
          rows.next();
          System.out.printf(
              "%-16s %9d rows, %6d bytes on disk each, %6d of JSON, ratio %.2f%n",
              table,
              rows.getLong(1),
              rows.getLong(2) / rows.getLong(1),
              rows.getLong(3) / rows.getLong(1),
              rows.getDouble(2) / rows.getDouble(3));
        }
      }
    }
  }

  private static List<Table.Row> measure(Load load, Limit limit)
      throws IOException, InterruptedException {
    List<Comparison> comparisons =
        Scenarios.all().stream()
            .map(scenario -> new Comparison(scenario, CONNECTIONS, load, limit))
            .toList();
    WARM_UP.measure(comparisons);
    comparisons.forEach(Comparison::forget);
    MEASUREMENT.measure(comparisons);
    List<Table.Row> rows = new ArrayList<>();
    comparisons.forEach(comparison -> rows.add(comparison.row()));
    return rows;
  }
}
