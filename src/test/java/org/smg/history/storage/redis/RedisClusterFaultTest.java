package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reference;
import static org.smg.history.storage.Samples.reused;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.FreePort;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.Availability;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.TurnBuilder;
import org.smg.history.storage.redis.script.RedisConnections;
import org.smg.history.storage.redis.script.RedisUrl;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptRunner;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisClusterOperationException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Faults of a Cluster, with a real one. */
@ExtendWith(TestCluster.Shared.class)
@Timeout(120)
class RedisClusterFaultTest {

  @Test
  void aReplicaTakesOverUnderLoadAndOnlyTheLastWritesBeforeItAreLost() {
    try (TestCluster cluster = TestCluster.start(3);
        RedisStorage storage = cluster.storage();
        Load load = new Load(storage)) {
      long before = System.nanoTime();
      load.awaitProgress();
      cluster.masters().get(0).kill();
      long killed = System.nanoTime();
      TestRedis.await("the replica is master", () -> isMaster(cluster.replicas().get(0)));
      load.awaitProgress();
      load.stop();

      // Redis acknowledges a write before its replica has it, so the last ones may be lost.
      load.assertKept(Math.max(before, killed - 500_000_000L), killed + 100_000_000L);
    }
  }

  private static boolean isMaster(TestRedis node) {
    try (Jedis jedis = node.connect()) {
      return jedis.info("replication").contains("role:master");
    }
  }

  @Test
  void slotsMoveUnderLoadWithoutLossOrFailure() {
    try (TestCluster cluster = TestCluster.start(0);
        RedisStorage storage = cluster.storage();
        Load load = new Load(storage)) {
      TestRedis from = cluster.masters().get(0);
      TestRedis to = cluster.masters().get(1);
      int moved = 0;
      try (Jedis source = from.connect()) {
        for (String key : List.copyOf(source.keys("*"))) {
          moved += move(JedisClusterCRC16.getSlot(key), from, to, cluster);
          if (moved > 40) {
            break;
          }
        }
      }
      assertThat(moved).isPositive();
      load.awaitProgress();
      load.stop();

      load.assertKept();
    }
  }

  private static int move(int slot, TestRedis from, TestRedis to, TestCluster cluster) {
    String source = TestCluster.id(from);
    String target = TestCluster.id(to);
    try (Jedis old = from.connect();
        Jedis young = to.connect()) {
      if (old.clusterCountKeysInSlot(slot) == 0) {
        return 0;
      }
      young.clusterSetSlotImporting(slot, source);
      old.clusterSetSlotMigrating(slot, target);
      List<String> keys = old.clusterGetKeysInSlot(slot, 100);
      while (!keys.isEmpty()) {
        for (String key : keys) {
          old.migrate("127.0.0.1", to.port(), key, 0, 5_000);
        }
        keys = old.clusterGetKeysInSlot(slot, 100);
      }
      young.clusterSetSlotNode(slot, target);
      old.clusterSetSlotNode(slot, target);
      cluster
          .masters()
          .forEach(
              node -> {
                try (Jedis jedis = node.connect()) {
                  jedis.clusterSetSlotNode(slot, target);
                }
              });
      return 1;
    }
  }

  @Test
  void withoutAReplicaTheSlotsOfADeadServerAreUnavailableUntilItIsBack() {
    try (TestCluster cluster = TestCluster.start(0);
        RedisStorage storage = cluster.storage()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      tenant.conversation("conv_a");
      cluster.masters().get(2).kill();
      TestRedis.await(
          "the Cluster is down",
          () -> {
            try {
              storage.verify();
              tenant.conversation("conv_" + System.nanoTime());
              return false;
            } catch (HistoryFailure.Unavailable e) {
              return true;
            }
          });

      cluster.masters().get(2).restart();
      TestRedis.await(
          "the Cluster serves again",
          () -> {
            try {
              for (int i = 0; i < 20; i++) {
                tenant.conversation(
                    "conv_" + System.nanoTime(), message("msg_" + System.nanoTime()));
              }
              return true;
            } catch (HistoryFailure.Unavailable e) {
              return false;
            }
          });
    }
  }

  @Test
  void aClusterThatIsDownAtTheStartIsFoundOnceItIsThere() {
    List<Integer> ports = List.of(FreePort.find());
    try (RedisStorage storage = TestRedis.open("redis+cluster://127.0.0.1:" + ports.get(0))) {
      assertThatThrownBy(storage::verify).isInstanceOf(HistoryFailure.Unavailable.class);
      try (TestRedis node = TestRedis.startOn(ports.get(0), "cluster-enabled yes")) {
        assertThatThrownBy(storage::verify).isInstanceOf(HistoryFailure.Unavailable.class);
        try (Jedis jedis = node.connect()) {
          int[] all = new int[16_384];
          for (int i = 0; i < all.length; i++) {
            all[i] = i;
          }
          jedis.clusterAddSlots(all);
        }
        TestRedis.await(
            "it is found",
            () -> {
              try {
                storage.verify();
                return true;
              } catch (HistoryFailure.Unavailable notYet) {
                return false;
              }
            });
      }
    }
  }

  /** The client, or a server, dies after the pointer was set and before the turn was recorded. */
  @Test
  void aTurnThatWasInterruptedIsInvisibleAndCanBeRecordedAgain(TestCluster cluster) {
    try (RedisStorage storage = cluster.storage()) {
      SampleTenant tenant = spreadTenant(cluster, storage);
      Key conversation = tenant.conversation("conv_a");
      TurnBuilder turn =
          tenant.turn("resp_a").in(conversation).input(message("in")).output(message("out"));
      String pointer = new RedisKeys("history").pointer(turn.response().key());
      TestRedis server = owner(cluster, conversationKey(conversation));
      try (Jedis jedis = server.connect()) {
        // Scripts are forbidden to write there, and reads go on.
        jedis.configSet("min-replicas-to-write", "1");
        assertThatThrownBy(() -> tenant.record(turn))
            .isInstanceOf(HistoryFailure.Unavailable.class);
        assertNothingRecorded(tenant, conversation);
        jedis.configSet("min-replicas-to-write", "0");
      }
      assertThat(keyExists(owner(cluster, pointer), pointer)).as("the pointer was set").isTrue();
      assertNothingRecorded(tenant, conversation);

      assertThat(tenant.record(turn)).isEqualTo(turn.response());

      assertRecorded(tenant, conversation, turn);
    }
  }

  @Test
  void aLocationThatAWriterLeftWhenItDiedStandsForNothing(TestCluster cluster) {
    try (RedisStorage storage = cluster.storage()) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      String locations = new RedisKeys("history").itemLocations(tenant.name(), "msg_1");
      try (Jedis jedis = owner(cluster, locations).connect()) {
        jedis.set(locations, "1 " + ItemLocator.inConversation(tenant.key("conv_dead")));
      }

      Key first = tenant.conversation("conv_a", reused("msg_1", "own"));
      Key second = tenant.conversation("conv_b", reference("msg_1"));

      assertThat(tenant.items(first)).containsExactly(message("msg_1", "own"));
      assertThat(tenant.items(second)).containsExactly(message("msg_1", "own"));
    }
  }

  @Test
  void aScriptWithKeysOfSeveralSlotsIsNotReportedAsAnOutage(TestCluster cluster) {
    try (ScriptRunner scripts =
        new ScriptRunner(
            RedisConnections.pool(RedisUrl.of(cluster.url()), 1, RedisStorage.CHECKED),
            new Availability(() -> {}))) {
      assertThatThrownBy(() -> scripts.run(ScriptCall.of(Script.COMMAND, "a", "b").with("DEL")))
          .isInstanceOf(JedisClusterOperationException.class);
    }
  }

  private static void assertNothingRecorded(SampleTenant tenant, Key conversation) {
    assertThat(tenant.storage().responses().find(tenant.scope(), "resp_a")).isEmpty();
    assertThat(responses(tenant)).isEmpty();
    assertThat(tenant.items(conversation)).isEmpty();
    assertThatThrownBy(() -> tenant.conversation("conv_" + System.nanoTime(), reference("in")))
        .isInstanceOf(HistoryFailure.class);
    assertThatThrownBy(
            () ->
                tenant
                    .storage()
                    .responses()
                    .inputItems(tenant.scope(), "resp_a", new PageRequest(10, Order.ASC, null)))
        .isInstanceOf(HistoryFailure.NotFound.class);
  }

  private static void assertRecorded(SampleTenant tenant, Key conversation, TurnBuilder turn) {
    assertThat(responses(tenant)).containsExactly(turn.response());
    assertThat(tenant.storage().responses().find(tenant.scope(), "resp_a"))
        .contains(turn.response());
    assertThat(tenant.items(conversation)).extracting(Item::id).containsExactly("in", "out");
    assertThat(tenant.record(turn)).isEqualTo(turn.response());
    assertThat(tenant.items(conversation)).hasSize(2);
  }

  private static List<StoredResponse> responses(SampleTenant tenant) {
    return tenant
        .storage()
        .responses()
        .list(
            tenant.scope(),
            new ResponseFilter(null, null, null, null, null, Metadata.NONE, TimeRange.ALWAYS),
            new PageRequest(10, Order.ASC, null))
        .data();
  }

  private static String conversationKey(Key key) {
    return new RedisKeys("history").conversation(key).hash();
  }

  /** A tenant whose conversation is on another server than all other keys of its turn. */
  private static SampleTenant spreadTenant(TestCluster cluster, RedisStorage storage) {
    RedisKeys keys = new RedisKeys("history");
    while (true) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      TestRedis server = owner(cluster, conversationKey(tenant.key("conv_a")));
      if (Stream.of(
              keys.pointer(tenant.key("resp_a")),
              keys.itemLocations(tenant.name(), "in"),
              keys.itemLocations(tenant.name(), "out"),
              keys.responses(tenant.name()))
          .noneMatch(key -> owner(cluster, key) == server)) {
        return tenant;
      }
    }
  }

  private static TestRedis owner(TestCluster cluster, String key) {
    return cluster.masterOf(JedisClusterCRC16.getSlot(key));
  }

  private static boolean keyExists(TestRedis node, String key) {
    try (Jedis jedis = node.connect()) {
      return jedis.exists(key);
    }
  }
}
