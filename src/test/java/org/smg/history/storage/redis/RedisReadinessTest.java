package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Samples;
import org.smg.history.storage.redis.script.RedisConnections;
import org.smg.history.storage.redis.script.RedisUrl;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Ready is a backend that answers, even if all connections of the pool are in use. */
@ExtendWith(TestCluster.Shared.class)
@Timeout(120)
class RedisReadinessTest {

  /** Longer than the sum of all timeouts of a check, also on a Cluster. */
  private static final Duration BOUND = Duration.ofSeconds(8);

  private static final Duration AT_ONCE = Duration.ofMillis(500);

  private static final Key KEY = new Key("default", "resp_none");

  private static final RedisKeys KEYS = new RedisKeys("history");

  @Test
  void aServerWhosePoolIsInUseIsReady() {
    try (TestRedis redis = TestRedis.start()) {
      assertReadyWhileThePoolIsInUse(redis.url(), redis);
    }
  }

  @Test
  void aMasterBehindSentinelWhosePoolIsInUseIsReady() {
    try (TestRedis master = TestRedis.start();
        TestSentinels sentinels = TestSentinels.watching(master)) {
      assertReadyWhileThePoolIsInUse(sentinels.url(), master);
    }
  }

  @Test
  void aClusterWhosePoolIsInUseIsReady(TestCluster cluster) {
    assertReadyWhileThePoolIsInUse(cluster.url(), asked(cluster));
  }

  @Test
  void aServerThatIsPausedOrDeadIsNotReady() {
    try (TestRedis redis = TestRedis.start()) {
      assertNotReadyWhilePausedOrDead(redis.url(), redis);
    }
  }

  @Test
  void aMasterBehindSentinelThatIsPausedOrDeadIsNotReady() {
    try (TestRedis master = TestRedis.start();
        TestSentinels sentinels = TestSentinels.watching(master)) {
      assertNotReadyWhilePausedOrDead(sentinels.url(), master);
    }
  }

  @Test
  void aClusterWithAServerThatIsPausedOrDeadIsNotReady() {
    try (TestCluster cluster = TestCluster.start(0)) {
      assertNotReadyWhilePausedOrDead(cluster.url(), asked(cluster));
    }
  }

  /** The server that the readiness check asks. */
  private static TestRedis asked(TestCluster cluster) {
    return cluster.masterOf(JedisClusterCRC16.getSlot(KEYS.probe()));
  }

  private static void assertReadyWhileThePoolIsInUse(String url, TestRedis server) {
    RedisUrl redisUrl = RedisUrl.of(url);
    RedisConnections pool = RedisConnections.pool(redisUrl, 1, RedisStorage.CHECKED);
    RedisConnections probe = RedisConnections.probe(redisUrl, RedisStorage.CHECKED);
    // On a Cluster this key is in the slot that the readiness check reads.
    String list = "{" + KEYS.probe() + "}:list";
    try (RedisStorage storage =
            new RedisStorage(pool, probe, KEYS, TestRedis.rule(null), ByteMeter.NONE);
        Jedis admin = server.connect()) {
      CompletableFuture<Void> blocked =
          CompletableFuture.runAsync(() -> pool.client().blpop(60.0, list));
      TestRedis.await(
          "the only connection waits for an element",
          () -> admin.info("clients").contains("blocked_clients:1"));
      assertThatThrownBy(() -> pool.client().exists(list)).isInstanceOf(JedisException.class);

      storage.checkReady();

      admin.lpush(list, "element");
      blocked.join();
    }
  }

  private static void assertNotReadyWhilePausedOrDead(String url, TestRedis server) {
    try (RedisStorage storage = TestRedis.open(url)) {
      TestRedis.await("the server is ready", () -> isReady(storage));

      server.pause();
      assertRefusedAtOnce(storage);
      server.resume();
      assertBack(storage);

      server.kill();
      assertRefusedAtOnce(storage);
      server.restart();
      assertBack(storage);
    }
  }

  /** After the first failure of a probe, nothing waits for Redis. */
  private static void assertRefusedAtOnce(RedisStorage storage) {
    long paused = System.nanoTime();
    TestRedis.await("the server is not ready", () -> !isReady(storage));
    assertThat(Duration.ofNanos(System.nanoTime() - paused)).isLessThan(BOUND);
    for (int i = 0; i < 100; i++) {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> storage.responses().find(Samples.scopeOf(KEY), KEY.id()))
          .isInstanceOf(HistoryFailure.Unavailable.class);
      assertThat(isReady(storage)).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AT_ONCE);
    }
  }

  private static void assertBack(RedisStorage storage) {
    TestRedis.await("the server is ready again", () -> isReady(storage));
    assertThat(storage.responses().find(Samples.scopeOf(KEY), KEY.id())).isEmpty();
  }

  /** Asserts that the answer takes less than a second, whichever it is. */
  private static boolean isReady(RedisStorage storage) {
    long begun = System.nanoTime();
    try {
      storage.checkReady();
      return true;
    } catch (HistoryFailure.Unavailable notReady) {
      return false;
    } finally {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    }
  }
}
