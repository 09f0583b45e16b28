package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import redis.clients.jedis.Jedis;

/** Sums of bytes that expire by the day. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisByteSumsTest {

  private static final String HASH = "history:bytes:{t}:1";
  private static final String TENANT = ByteSums.WHOLE_TENANT;

  private TestRedis redis;
  private Jedis jedis;

  @BeforeAll
  void start() {
    redis = TestRedis.start();
    jedis = redis.connect();
  }

  @BeforeEach
  void clear() {
    jedis.flushAll();
  }

  @AfterAll
  void stop() {
    jedis.close();
    redis.close();
  }

  private static String day(int ago) {
    return Long.toString(LocalDate.now(ZoneOffset.UTC).toEpochDay() - ago);
  }

  @Test
  void daysOfWhichEverythingHasExpiredDoNotCount() {
    jedis.hset(HASH, Map.of(day(32) + " -", "1000", day(29) + " -", "7", day(32) + " key", "5"));
    try (RedisStorage storage = redis.storage()) {
      assertThat(storage.byteSums().sums("t")).isEqualTo(Map.of(TENANT, 7L));

      storage.byteSums().add("t", Map.of(TENANT, 3L));

      assertThat(storage.byteSums().sums("t")).isEqualTo(Map.of(TENANT, 10L));
    }
    assertThat(jedis.hkeys(HASH)).doesNotContain(day(32) + " -", day(32) + " key");
    assertThat(jedis.ttl(HASH)).isBetween(29 * 86_400L, 30 * 86_400L);
  }

  @Test
  void whatIsDeletedIsTakenFromTheOldestDays() {
    jedis.hset(HASH, Map.of(day(20) + " -", "100", day(10) + " -", "50", day(20) + " key", "9"));
    try (RedisStorage storage = redis.storage()) {
      storage.byteSums().add("t", Map.of(TENANT, -120L));
      assertThat(storage.byteSums().sums("t")).isEqualTo(Map.of(TENANT, 30L, "key", 9L));
    }
    assertThat(jedis.hget(HASH, day(20) + " -")).isEqualTo("0");
    assertThat(jedis.hget(HASH, day(10) + " -")).isEqualTo("30");
  }

  @Test
  void daysCountForTheLongerOneOfTwoRetentions() {
    jedis.hset(HASH, Map.of(day(32) + " -", "1000", day(29) + " -", "7"));
    RetentionRule rule =
        new RetentionRule(
            new RetentionPeriod(Duration.ofDays(10)),
            new RetentionPeriod(Duration.ofDays(30)),
            Horizon.NONE);
    try (RedisStorage storage = TestRedis.open(TestRedis.options(redis.url()), rule)) {
      assertThat(storage.byteSums().sums("t")).isEqualTo(Map.of(TENANT, 7L));
    }
  }

  /** Another server has counted what is deleted here, and not told yet. */
  @Test
  void moreCanBeDeletedThanWasToldSoFar() {
    try (RedisStorage storage = redis.storage()) {
      storage.byteSums().add("t", Map.of(TENANT, -100L));
      storage.byteSums().add("t", Map.of(TENANT, 140L));

      assertThat(storage.byteSums().sums("t")).isEqualTo(Map.of(TENANT, 40L));
    }
  }

  @Test
  void nothingExpiresWithoutRetention() {
    try (RedisStorage storage = redis.storage((Duration) null)) {
      storage.byteSums().add("t", Map.of(TENANT, 5L));
      storage.byteSums().add("t", Map.of(TENANT, -2L));

      assertThat(storage.byteSums().sums("t")).isEqualTo(Map.of(TENANT, 3L));
    }
    assertThat(jedis.ttl(HASH)).isEqualTo(-1);
    assertThat(jedis.hgetAll(HASH)).isEqualTo(Map.of("0 -", "3"));
  }
}
