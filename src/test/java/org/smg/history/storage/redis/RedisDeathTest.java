package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.JavaProcess;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.Paging;
import org.smg.history.storage.SampleTenant;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * A client process on a Cluster is killed many times while it records turns. The pointer, locations
 * and the index are written before the turn there.
 */
@ExtendWith(TestCluster.Shared.class)
@Timeout(120)
class RedisDeathTest {

  private static final int FEWEST_KILLS = 3;
  private static final int MOST_KILLS = 40;

  /** What can be stored of a turn when its client is killed. */
  private enum Left {
    NOTHING,
    POINTER,
    LOCATIONS,
    ALL
  }

  private final RedisKeys keys = new RedisKeys("history");

  @Test
  void aKilledClientLeavesEachTurnWholeOrInvisibleAndRepeatable(TestCluster cluster)
      throws IOException {
    Random random = new Random();
    Set<Left> met = EnumSet.noneOf(Left.class);
    try (RedisStorage storage = cluster.storage()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      for (int i = 0; i < 3; i++) {
        tenant.conversation("conv_" + i);
      }
      List<String> all = new ArrayList<>();
      for (int kill = 0; kill < FEWEST_KILLS || met.size() < Left.values().length; kill++) {
        assertThat(kill).as("kills, which left " + met).isLessThan(MOST_KILLS);
        Map<String, Boolean> turns =
            writeUntilKilled(cluster, tenant, "" + kill, random.nextInt(400));
        Set<String> unfinished =
            turns.keySet().stream().filter(name -> !turns.get(name)).collect(Collectors.toSet());
        unfinished.forEach(name -> met.add(left(cluster, tenant, name)));

        Set<String> recorded = assertWholeOrInvisible(tenant, turns);

        unfinished.forEach(name -> tenant.record(KilledWriter.turn(tenant, name)));
        turns.keySet().forEach(name -> turns.put(name, true));
        assertThat(assertWholeOrInvisible(tenant, turns)).containsAll(recorded);
        all.addAll(turns.keySet());
      }
      assertThat(responses(tenant))
          .containsExactlyInAnyOrderElementsOf(all.stream().map("resp_"::concat).toList());
      assertNothingUnfinished(cluster, tenant);
    }
  }

  /**
   * @return the turns that were begun, and which of them were acknowledged
   */
  private static Map<String, Boolean> writeUntilKilled(
      TestCluster cluster, SampleTenant tenant, String prefix, int lines) throws IOException {
    Process writer =
        JavaProcess.of(KilledWriter.class, cluster.url(), tenant.name(), prefix).start();
    Map<String, Boolean> turns = new TreeMap<>();
    int read = 0;
    try (BufferedReader reader = writer.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] words = line.split(" ");
        turns.put(words[1], words[0].equals("end"));
        if (++read == 2 * KilledWriter.THREADS + lines) {
          kill(writer);
        }
      }
    } finally {
      kill(writer);
    }
    assertThat(read)
        .as("lines that the writer printed")
        .isGreaterThanOrEqualTo(2 * KilledWriter.THREADS);
    return turns;
  }

  /**
   * Through the handle: the process's own method would also close the output that is still to read.
   */
  private static void kill(Process process) {
    process.toHandle().destroyForcibly();
  }

  private Left left(TestCluster cluster, SampleTenant tenant, String name) {
    Key response = tenant.key("resp_" + name);
    Key conversation = tenant.key(KilledWriter.conversation(name));
    if (exists(cluster, keys.response(conversation, response).hash())) {
      return Left.ALL;
    }
    if (exists(cluster, keys.itemLocations(tenant.name(), "in_" + name))) {
      return Left.LOCATIONS;
    }
    return exists(cluster, keys.pointer(response)) ? Left.POINTER : Left.NOTHING;
  }

  private static boolean exists(TestCluster cluster, String key) {
    try (Jedis jedis = owner(cluster, key).connect()) {
      return jedis.exists(key);
    }
  }

  private static TestRedis owner(TestCluster cluster, String key) {
    return cluster.masterOf(JedisClusterCRC16.getSlot(key));
  }

  /**
   * Asserts that every read shows all of a turn or nothing of it, and all acknowledged turns.
   *
   * @return the turns that are there
   */
  private static Set<String> assertWholeOrInvisible(
      SampleTenant tenant, Map<String, Boolean> turns) {
    Set<String> listed = new HashSet<>(responses(tenant));
    Set<String> recorded = new HashSet<>();
    Map<String, List<String>> items = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      List<String> ids = tenant.itemIds(tenant.key("conv_" + i));
      assertThat(ids).doesNotHaveDuplicates();
      for (int first = 0; first < ids.size(); first += 2) {
        assertThat(ids.get(first + 1)).isEqualTo(ids.get(first).replaceAll("^in_", "out_"));
      }
      items.put("conv_" + i, ids);
    }
    turns.forEach(
        (name, acknowledged) -> {
          boolean there = items.get(KilledWriter.conversation(name)).contains("in_" + name);
          assertThat(there || !acknowledged).as(name + " is kept").isTrue();
          assertThat(listed.contains("resp_" + name)).as(name + " is listed").isEqualTo(there);
          assertThat(tenant.storage().responses().find(tenant.scope(), "resp_" + name).isPresent())
              .as(name + " is found")
              .isEqualTo(there);
          if (there) {
            recorded.add(name);
            assertThat(tenant.input("resp_" + name))
                .extracting(Item::id)
                .containsExactly("in_" + name);
          } else {
            assertThat(tenant.canLink("in_" + name)).as(name + " can be linked").isFalse();
          }
        });
    return recorded;
  }

  private static List<String> responses(SampleTenant tenant) {
    ResponseFilter filter =
        new ResponseFilter(null, null, null, null, null, Metadata.NONE, TimeRange.ALWAYS);
    return Paging.of(
            page -> tenant.storage().responses().list(tenant.scope(), filter, page),
            (StoredResponse response) -> response.key().id())
        .walk(Order.ASC, 100)
        .stream()
        .map(response -> response.key().id())
        .toList();
  }

  /** Asserts that every key expires, and that every pointer leads to a response. */
  private static void assertNothingUnfinished(TestCluster cluster, SampleTenant tenant) {
    for (TestRedis server : cluster.masters()) {
      try (Jedis jedis = server.connect()) {
        for (String key : jedis.keys("*" + tenant.name() + "*")) {
          assertThat(jedis.pttl(key)).as(key).isPositive();
          if (key.contains(":pointer:")) {
            String hash = Pointer.parse(jedis.get(key)).hash();
            assertThat(exists(cluster, hash)).as(key + " leads to a response").isTrue();
          }
        }
      }
    }
  }
}
