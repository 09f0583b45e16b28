package org.smg.history.storage.redis;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;

/** Three real Sentinels that watch one master. */
record TestSentinels(List<TestRedis> all) implements AutoCloseable {

  /** Starts them, and waits until they know each other and the master's replicas. */
  static TestSentinels watching(TestRedis master, TestRedis... replicas) {
    List<TestRedis> all =
        Stream.generate(
                () ->
                    TestRedis.startSentinel(
                        "sentinel monitor main 127.0.0.1 " + master.port() + " 2",
                        "sentinel down-after-milliseconds main 1000",
                        "sentinel failover-timeout main 3000"))
            .limit(3)
            .toList();
    for (TestRedis sentinel : all) {
      TestRedis.await(
          "the Sentinels have settled",
          () -> {
            try (Jedis jedis = sentinel.connect()) {
              var known = jedis.sentinelMaster("main");
              return known.get("num-other-sentinels").equals("2")
                  && Integer.parseInt(known.get("num-slaves")) == replicas.length;
            }
          });
    }
    return new TestSentinels(all);
  }

  String url() {
    return "redis+sentinel://"
        + all.stream()
            .map(sentinel -> "127.0.0.1:" + sentinel.port())
            .collect(Collectors.joining(","))
        + "/main";
  }

  @Override
  public void close() {
    all.forEach(TestRedis::close);
  }
}
