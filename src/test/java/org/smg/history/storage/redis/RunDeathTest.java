package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.JavaProcess;
import org.smg.history.model.Item;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.SampleTenant;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A client that makes runs, or the Redis that keeps them, is killed many times. Each run is whole
 * or not there, what was acknowledged is not lost, and who repeats a step gets to the same end.
 */
@ExtendWith(TestCluster.Shared.class)
@Timeout(180)
class RunDeathTest {

  private static final int FEWEST_KILLS = 3;
  private static final int MOST_KILLS = 40;

  /** What can be stored of a run whose end was not acknowledged. */
  private enum Left {
    NOTHING,
    NOTE,
    PROMPT,
    ALL
  }

  private final RedisKeys keys = new RedisKeys("history");
  private final Random random = new Random();

  @Test
  void aKilledClientLeavesRunsThatCanBeEnded(TestCluster cluster) throws IOException {
    Set<Left> met = EnumSet.noneOf(Left.class);
    try (RedisStorage storage = cluster.storage()) {
      SampleTenant tenant = tenant(storage);
      for (int kill = 0; kill < FEWEST_KILLS || met.size() < Left.values().length; kill++) {
        assertThat(kill).as("kills, which left " + met).isLessThan(MOST_KILLS);
        Map<String, String> runs = makeUntil(RunDeathTest::kill, cluster.url(), tenant, "" + kill);
        runs.forEach(
            (name, step) -> {
              if (!step.equals("end")) {
                met.add(left(cluster, KilledRunner.run(tenant, name)));
              }
            });

        assertEachIsWhole(tenant, runs);
        assertEachCanBeRepeated(tenant, runs);
      }
    }
  }

  @Test
  void aKilledRedisLosesNoRun() throws IOException {
    try (TestRedis redis = TestRedis.start("appendonly yes", "appendfsync always");
        RedisStorage storage = redis.storage()) {
      SampleTenant tenant = tenant(storage);
      for (int kill = 0; kill < FEWEST_KILLS; kill++) {
        Map<String, String> runs =
            makeUntil(client -> redis.kill(), redis.url(), tenant, "" + kill);
        redis.restart();

        assertEachIsWhole(tenant, runs);
        assertEachCanBeRepeated(tenant, runs);
      }
    }
  }

  private static SampleTenant tenant(RedisStorage storage) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    for (int thread = 0; thread < KilledRunner.THREADS; thread++) {
      tenant.conversation("conv_" + thread);
    }
    return tenant;
  }

  /**
   * @return the last step of each run
   */
  private Map<String, String> makeUntil(
      Consumer<Process> kill, String url, SampleTenant tenant, String prefix) throws IOException {
    // Until then each thread has begun its second run: the one before has left nothing in its way.
    int lines = 4 * KilledRunner.THREADS + random.nextInt(400);
    Process client = JavaProcess.of(KilledRunner.class, url, tenant.name(), prefix).start();
    Map<String, String> runs = new TreeMap<>();
    int read = 0;
    try (BufferedReader reader = client.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] words = line.split(" ");
        runs.put(words[1], words[0]);
        if (++read == lines) {
          kill.accept(client);
        }
      }
    } finally {
      kill(client);
    }
    assertThat(read).as("lines that the client printed").isGreaterThanOrEqualTo(lines);
    return runs;
  }

  /** Through the handle: the process's own method would also close the output. */
  private static void kill(Process process) {
    process.toHandle().destroyForcibly();
  }

  private Left left(TestCluster cluster, SampleRun run) {
    if (run.found().isPresent()) {
      return run.found().get().isFinished() ? Left.ALL : Left.PROMPT;
    }
    String noted = keys.runs(RunLeases.nameOf(SampleRun.SERVER));
    try (Jedis jedis = cluster.masterOf(JedisClusterCRC16.getSlot(noted)).connect()) {
      boolean isNoted = jedis.hexists(noted, RunLeases.noteOf(run.run().prompt().key()));
      return isNoted ? Left.NOTE : Left.NOTHING;
    }
  }

  private static void assertEachIsWhole(SampleTenant tenant, Map<String, String> runs) {
    runs.forEach(
        (name, step) -> {
          SampleRun run = KilledRunner.run(tenant, name);
          StoredResponse found = run.found().orElse(null);
          List<Item> items = tenant.items(run.conversation());
          if (found == null) {
            assertThat(step).as(name + " was not acknowledged").isEqualTo("begin");
          } else if (found.isFinished()) {
            assertThat(found).isEqualTo(run.finished().response());
            assertThat(items).containsSequence(run.input(), run.output());
          } else {
            assertThat(step).as(name + " was not acknowledged").isNotEqualTo("end");
            assertThat(found).isEqualTo(run.run().prompt());
            assertThat(run.isAbandoned()).as(name + " is found").isTrue();
          }
          if (found == null || !found.isFinished()) {
            assertThat(items).doesNotContain(run.input(), run.output());
          }
          if (found != null) {
            assertThat(tenant.input(run.id())).containsExactly(run.input());
          }
        });
  }

  private static void assertEachCanBeRepeated(SampleTenant tenant, Map<String, String> runs) {
    for (String name : runs.keySet()) {
      SampleRun run = KilledRunner.run(tenant, name);
      if (run.found().filter(StoredResponse::isFinished).isEmpty()) {
        run.begin();
      }
      assertThat(run.finish()).isEqualTo(run.finished().response());
      assertThat(tenant.items(run.conversation()))
          .containsOnlyOnce(run.input())
          .containsSequence(run.input(), run.output())
          .doesNotHaveDuplicates();
    }
  }
}
