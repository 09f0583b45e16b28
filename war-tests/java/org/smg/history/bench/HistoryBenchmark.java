package org.smg.history.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
  private static final int WARM_UP_ROUNDS = 4;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final int ROUNDS = 5;
  private static final Duration MEASUREMENT = Duration.ofSeconds(3);

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
          "%nBackend memory, heap %s, %d processors, Java %s, medians of %d rounds of %d s%n",
          HEAP,
          Runtime.getRuntime().availableProcessors(),
          Runtime.version(),
          ROUNDS,
          MEASUREMENT.toSeconds());
      Table.print(System.out, rows);
    }
  }

  private static List<Table.Row> measure(Load load, Limit limit)
      throws IOException, InterruptedException {
    List<Comparison> comparisons =
        Scenarios.all().stream()
            .map(scenario -> new Comparison(scenario, CONNECTIONS, load, limit))
            .toList();
    rounds(comparisons, WARM_UP_ROUNDS, WARM_UP);
    comparisons.forEach(Comparison::forget);
    rounds(comparisons, ROUNDS, MEASUREMENT);
    List<Table.Row> rows = new ArrayList<>();
    comparisons.forEach(comparison -> rows.add(comparison.row()));
    return rows;
  }

  private static void rounds(List<Comparison> comparisons, int rounds, Duration each)
      throws IOException, InterruptedException {
    for (int i = 0; i < rounds; i++) {
      for (Comparison comparison : comparisons) {
        comparison.round(each);
      }
    }
  }
}
