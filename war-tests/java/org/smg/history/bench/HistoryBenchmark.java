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

  /**
   * A fifth of the heap, as {@code jvm.options} has it for its own: what is stored is copied less
   * often.
   */
  private static final String YOUNG = "2g";

  private static final int CONNECTIONS = 16;
  private static final double POSTGRES_AIM = 0.5;
  private static final MeasurementPlan POSTGRES_MEASUREMENT =
      MeasurementPlan.of(3, Duration.ofSeconds(3));

  /** Safe as shipped, but without checkpoints in between, which make figures swing. */
  static final Map<String, String> DURABLE =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "max_wal_size", "8GB",
          "shared_buffers", "512MB");

  private static final MeasurementPlan WARM_UP = MeasurementPlan.of(4, Duration.ofSeconds(5));
  private static final MeasurementPlan SHORT_WARM_UP = MeasurementPlan.of(1, Duration.ofSeconds(5));
  private static final MeasurementPlan MEASUREMENT = MeasurementPlan.of(5, Duration.ofSeconds(3));

  @Test
  void memory() throws IOException, InterruptedException {
    try (LibertyServer server =
        LibertyServer.named("bench")
            .environment(
                Map.of(
                    "HISTORY_BACKEND",
                    "memory",
                    "JVM_ARGS",
                    ("-Xms%s -Xmx%s -XX:NewSize=%s -XX:MaxNewSize=%s -XX:+AlwaysPreTouch")
                        .formatted(HEAP, HEAP, YOUNG, YOUNG)))
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

  /**
   * Server, database and load share the processors. The limit is {@code pgbench} or, where it is
   * not on the path, a loop over JDBC.
   */
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
                limit(database, "append", PgbenchScripts.append()),
                "list",
                limit(database, "list", PgbenchScripts.list()),
                "record",
                limit(database, "record", PgbenchScripts.record()));
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
            "%nBackend postgres against %s, %d processors, Java %s, medians of %s%n",
            Pgbench.isInstalled() ? "pgbench" : "JDBC",
            Runtime.getRuntime().availableProcessors(),
            Runtime.version(),
            POSTGRES_MEASUREMENT);
        Table.print(System.out, rows);
        printSizes(history, load);
      }
    }
  }

  private static Limit limit(PostgresServer database, String name, String script)
      throws IOException {
    return Pgbench.isInstalled()
        ? new Pgbench(database, "history", name, script)
        : new JdbcLoop(database.database("history"), script);
  }

  /** Bytes on disk, indexes included, against the bytes of JSON that were stored or sent. */
  private static void printSizes(DataSource database, Load load)
      throws IOException, InterruptedException, SQLException {
    String items =
        "SELECT pg_total_relation_size('items'), count(*), sum(octet_length(json)) FROM items";
    printSize(
        "an item",
        number(database, items, 1),
        number(database, items, 2),
        number(database, items, 3));

    String size =
        """
        SELECT sum(pg_total_relation_size(oid)) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        """;
    String turns = "SELECT count(*) FROM responses";
    long sizeBefore = number(database, size, 1);
    long turnsBefore = number(database, turns, 1);
    load.run(List.of(Scenarios.turns().preparation().requests(load)), WARM_UP.each());
    long recorded = number(database, turns, 1) - turnsBefore;
    printSize(
        "a turn",
        number(database, size, 1) - sizeBefore,
        recorded,
        recorded * Scenarios.TURN_BYTES);
  }

  private static void printSize(String what, long onDisk, long count, long json) {
    System.out.printf(
        "%-8s %6d bytes on disk, %6d of JSON, ratio %.2f, over %d%n",
        what, onDisk / count, json / count, onDisk / (double) json, count);
  }

  private static long number(DataSource database, String sql, int column) throws SQLException {
    try (java.sql.Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(column);
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
