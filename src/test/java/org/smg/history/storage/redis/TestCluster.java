package org.smg.history.storage.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.smg.history.FreePort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** A real Cluster of three masters on free ports of the loopback address. */
final class TestCluster implements AutoCloseable {

  private static final int SLOTS = 16_384;

  private final List<TestRedis> masters;
  private final List<TestRedis> replicas;

  private TestCluster(List<TestRedis> masters, List<TestRedis> replicas) {
    this.masters = masters;
    this.replicas = replicas;
  }

  /**
   * @param replicas how many of the three masters have a replica
   */
  static TestCluster start(int replicas) {
    List<TestRedis> nodes =
        Stream.generate(FreePort::find)
            .distinct()
            .limit(3 + replicas)
            .map(
                port ->
                    TestRedis.startOn(
                        port,
                        "cluster-enabled yes",
                        "cluster-node-timeout 1000",
                        "cluster-replica-validity-factor 0"))
            .toList();
    TestCluster cluster =
        new TestCluster(new ArrayList<>(nodes.subList(0, 3)), nodes.subList(3, nodes.size()));
    for (int i = 0; i < 3; i++) {
      int[] slots = new int[SLOTS * (i + 1) / 3 - SLOTS * i / 3];
      for (int slot = 0; slot < slots.length; slot++) {
        slots[slot] = SLOTS * i / 3 + slot;
      }
      try (Jedis node = nodes.get(i).connect()) {
        node.clusterAddSlots(slots);
        node.sendCommand(Protocol.Command.CLUSTER, "SET-CONFIG-EPOCH", "" + (i + 1));
      }
    }
    try (Jedis first = nodes.get(0).connect()) {
      nodes.stream().skip(1).forEach(node -> first.clusterMeet("127.0.0.1", node.port()));
    }
    nodes.forEach(
        node -> TestRedis.await("all nodes know each other", () -> knows(node, nodes.size())));
    for (int i = 0; i < replicas; i++) {
      String master = id(nodes.get(i));
      try (Jedis replica = nodes.get(3 + i).connect()) {
        replica.clusterReplicate(master);
      }
    }
    cluster.awaitHealthy();
    return cluster;
  }

  private static boolean knows(TestRedis node, int count) {
    try (Jedis jedis = node.connect()) {
      return jedis.clusterInfo().contains("cluster_known_nodes:" + count);
    }
  }

  static String id(TestRedis node) {
    try (Jedis jedis = node.connect()) {
      return jedis.clusterMyId();
    }
  }

  void awaitHealthy() {
    for (TestRedis node : masters) {
      TestRedis.await(
          "the Cluster serves all slots",
          () -> {
            try (Jedis jedis = node.connect()) {
              String info = jedis.clusterInfo();
              return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:16384");
            }
          });
    }
    for (TestRedis replica : replicas) {
      TestRedis.await(
          "the replica is connected",
          () -> {
            try (Jedis jedis = replica.connect()) {
              return jedis.info("replication").contains("master_link_status:up");
            }
          });
    }
  }

  /** The master of a slot, as long as no slot was moved. */
  TestRedis masterOf(int slot) {
    int index = 0;
    while (slot >= SLOTS * (index + 1) / 3) {
      index++;
    }
    return masters.get(index);
  }

  List<TestRedis> masters() {
    return masters;
  }

  List<TestRedis> replicas() {
    return replicas;
  }

  String url() {
    return "redis://"
        + masters.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
  }

  RedisStorage storage() {
    return TestRedis.open(url());
  }

  @Override
  public void close() {
    masters.forEach(TestRedis::close);
    replicas.forEach(TestRedis::close);
  }

  /**
   * Gives test methods the one Cluster that all tests share, because a new one takes two seconds to
   * serve. A test that kills its servers or moves its slots has to start a Cluster of its own.
   */
  static final class Shared implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == TestCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(TestCluster.class))
          .computeIfAbsent(TestCluster.class, type -> start(0), TestCluster.class);
    }
  }
}
