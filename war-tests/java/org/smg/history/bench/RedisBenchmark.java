package org.smg.history.bench;

import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.jpa.PostgresServer;
import org.smg.history.storage.redis.TestRedis;
import org.smg.history.wartests.LibertyServer;
import redis.clients.jedis.Jedis;

/**
 * How fast the history is with its data in Redis, as a part of what bare clients get out of Redis
 * with the same commands, and against PostgreSQL. It fails when any answer is not 200; the figures
 * are for people to judge.
 */
class RedisBenchmark {

  private static final List<Integer> CONNECTIONS = List.of(1, 16, 64);
  private static final double AIM = 0.4;
  private static final double AIM_AGAINST_POSTGRES = 2;

  /** As many as there are requests at once, so that nobody waits for the pool. */
  private static final String POOL = "64";

  private static final String HEAP = "-Xms1g -Xmx1g";
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final MeasurementPlan MEASUREMENT = MeasurementPlan.of(3, Duration.ofSeconds(3));

  @Test
  void redis() throws IOException, InterruptedException {
    try (TestRedis redis = TestRedis.start();
        LibertyServer server = start(redis)) {
      Load load = load(server);
      Limit limit = new RedisLimit(load, redis);
      List<Comparison> comparisons = new ArrayList<>();
      for (Scenario scenario : Scenarios.all()) {
        for (int connections : CONNECTIONS) {
          comparisons.add(new Comparison(scenario.aimingAt(AIM), connections, load, limit));
        }
      }
      report("limit: bare clients", redis, comparisons, MeasurementPlan.of(1, WARM_UP));
    }
  }

  /** Both servers run all the time; each is idle while the other is measured. */
  @Test
  void turnsAgainstPostgres() throws IOException, InterruptedException, SQLException {
    try (TestRedis redis = TestRedis.start();
        PostgresServer database = new PostgresServer(HistoryBenchmark.DURABLE)) {
      database.newDatabase("history");
      try (LibertyServer server = start(redis);
          LibertyServer other =
              LibertyServer.named("bench-redis-postgres")
                  .environment(
                      Map.of(
                          "HISTORY_BACKEND",
                          "postgres",
                          "POSTGRES_DB_URL",
                          database.url("history"),
                          "POSTGRES_POOL_MAX_SIZE",
                          POOL,
                          "JVM_ARGS",
                          HEAP))
                  .start()) {
        Load load = load(server);
        Load postgres = load(other);
        Scenario turns = Scenarios.turns();
        Limit limit =
            (requests, each) -> {
              List<List<Request>> own = new ArrayList<>();
              for (int i = 0; i < requests.size(); i++) {
                own.add(turns.preparation().requests(postgres));
              }
              return postgres.run(own, each);
            };
        List<Comparison> comparisons =
            CONNECTIONS.stream()
                .map(
                    connections ->
                        new Comparison(
                            turns.aimingAt(AIM_AGAINST_POSTGRES), connections, load, limit))
                .toList();
        List<Table.Row> rows =
            report(
                "limit: backend postgres, fsync on",
                redis,
                comparisons,
                MeasurementPlan.of(4, WARM_UP));
        for (Table.Row row : rows) {
          System.out.printf(
              Locale.ROOT,
              "turns/s redis / postgres at %d connections: %.0f / %.0f = %.2f%n",
              row.connections(),
              row.history().perSecond(),
              row.limit().perSecond(),
              row.ratio());
        }
      }
    }
  }

  private static LibertyServer start(TestRedis redis) {
    return LibertyServer.named("bench-redis")
        .environment(
            Map.of(
                "HISTORY_BACKEND",
                "redis",
                "REDIS_URL",
                redis.url(),
                "REDIS_POOL_MAX_SIZE",
                POOL,
                "JVM_ARGS",
                HEAP))
        .start();
  }

  private static Load load(LibertyServer server) {
    return new Load(URI.create(server.baseUrl()).getPort());
  }

  /** What is stored at full speed would soon fill the memory. */
  private static void empty(TestRedis redis) {
    try (Jedis jedis = redis.connect()) {
      jedis.flushAll();
    }
  }

  private static List<Table.Row> report(
      String limit, TestRedis redis, List<Comparison> comparisons, MeasurementPlan warmUp)
      throws IOException, InterruptedException {
    warmUp.measure(comparisons, () -> empty(redis));
    comparisons.forEach(Comparison::forget);
    MEASUREMENT.measure(comparisons, () -> empty(redis));
    List<Table.Row> rows = comparisons.stream().map(Comparison::row).toList();
    System.out.printf(
        "%nBackend redis without persistence, %s; %d processors, Java %s, medians of %s%n",
        limit, Runtime.getRuntime().availableProcessors(), Runtime.version(), MEASUREMENT);
    Table.print(System.out, rows);
    return rows;
  }
}
