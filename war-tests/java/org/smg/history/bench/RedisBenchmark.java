package org.smg.history.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.redis.TestRedis;
import org.smg.history.wartests.LibertyServer;
import redis.clients.jedis.Jedis;

/**
 * How fast the history is with its data in Redis, as a part of what bare clients get out of Redis
 * with the same commands. It fails when any answer is not 200; the figures are for people to judge.
 */
class RedisBenchmark {

  private static final int[] CONNECTIONS = {1, 16, 64};
  private static final int WARM_UP_ROUNDS = 1;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final int ROUNDS = 3;
  private static final Duration MEASUREMENT = Duration.ofSeconds(3);

  @Test
  void redis() throws IOException, InterruptedException {
    try (TestRedis redis = TestRedis.start();
        LibertyServer server =
            LibertyServer.named("bench-redis")
                .environment(
                    Map.of(
                        "HISTORY_BACKEND",
                        "redis",
                        "REDIS_URL",
                        redis.url(),
                        "REDIS_POOL_MAX_SIZE",
                        "64",
                        "JVM_ARGS",
                        "-Xms1g -Xmx1g"))
                .start()) {
      Load load = new Load(URI.create(server.baseUrl()).getPort());
      RedisLimit limit = new RedisLimit(load, redis);
      List<Comparison> comparisons = new ArrayList<>();
      for (Scenario scenario : Scenarios.all().subList(0, 3)) {
        for (int connections : CONNECTIONS) {
          comparisons.add(
              new Comparison(
                  new Scenario(scenario.name(), 0.4, scenario.preparation()),
                  connections,
                  load,
                  limit));
        }
      }
      rounds(redis, comparisons, WARM_UP_ROUNDS, WARM_UP);
      comparisons.forEach(Comparison::forget);
      rounds(redis, comparisons, ROUNDS, MEASUREMENT);
      System.out.printf(
          "%nBackend redis without persistence, %d processors, Java %s, medians of %d rounds of"
              + " %d s%n",
          Runtime.getRuntime().availableProcessors(),
          Runtime.version(),
          ROUNDS,
          MEASUREMENT.toSeconds());
      Table.print(System.out, comparisons.stream().map(Comparison::row).toList());
    }
  }

  private static void rounds(
      TestRedis redis, List<Comparison> comparisons, int rounds, Duration each)
      throws IOException, InterruptedException {
    for (int i = 0; i < rounds; i++) {
      for (Comparison comparison : comparisons) {
        // What the limit stores at its speed would soon fill the memory.
        try (Jedis jedis = redis.connect()) {
          jedis.flushAll();
        }
        comparison.round(each);
      }
    }
  }
}
