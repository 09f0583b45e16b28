package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.model.HistoryFailure;
import redis.clients.jedis.Jedis;

/** Fail-over by real Sentinels. */
@Timeout(120)
class RedisSentinelTest {

  @Test
  void anotherServerTakesOverUnderLoadWithoutLossBeyondWhatRedisPromises() {
    try (TestRedis master = TestRedis.start();
        TestRedis replica = TestRedis.start("replicaof 127.0.0.1 " + master.port());
        Sentinels sentinels = Sentinels.watching(master, replica);
        RedisStorage storage = new RedisStorage(TestRedis.options(sentinels.url()));
        Load load = new Load(storage)) {
      long before = System.nanoTime();
      load.awaitProgress();
      master.kill();
      long killed = System.nanoTime();
      load.awaitProgress();
      load.stop();

      // Replication does not wait: what was acknowledged just before the death may be lost.
      load.assertKept(Math.max(before, killed - 500_000_000L), killed + 100_000_000L);
    }
  }

  @Test
  void sentinelsThatAreDownAtTheStartAreAskedAgain() {
    try (TestRedis master = TestRedis.start();
        Sentinels sentinels = Sentinels.watching(master)) {
      sentinels.all().forEach(TestRedis::kill);
      try (RedisStorage storage = new RedisStorage(TestRedis.options(sentinels.url()))) {
        assertThatThrownBy(storage::verify).isInstanceOf(HistoryFailure.Unavailable.class);

        sentinels.all().forEach(TestRedis::restart);
        TestRedis.await(
            "the master is found",
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

  private record Sentinels(List<TestRedis> all) implements AutoCloseable {

    /** Three Sentinels that know each other and the master's replicas. */
    static Sentinels watching(TestRedis master, TestRedis... replicas) {
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
      return new Sentinels(all);
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
}
