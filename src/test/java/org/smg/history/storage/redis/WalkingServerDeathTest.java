package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.message;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.JavaProcess;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.retention.TestPurge;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.redis.layout.WalkState;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import redis.clients.jedis.Jedis;

/** Servers die while they walk over the keys, and another one goes on from there. */
@Timeout(180)
class WalkingServerDeathTest {

  /** Far longer than the age of what tests store, so that Redis itself removes nothing. */
  static final RetentionRule RULE =
      new RetentionRule(
          new RetentionPeriod(Duration.ofDays(5_000)),
          new RetentionPeriod(Duration.ofDays(6_000)),
          TestPurge.horizon());

  private static final RetentionRule BEFORE =
      new RetentionRule(
          new RetentionPeriod(Duration.ofDays(8_000)), new RetentionPeriod(null), Horizon.NONE);

  private static final RedisKeys KEYS = new RedisKeys("history");

  /** Half of them are due. */
  private static final int OBJECTS = 400;

  private static final int KILLS = 4;
  private static final int STEPS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LATER = Duration.ofDays(15).toMillis() * 1000;

  @Test
  void whatADeadServerHasBegunIsFinishedByAnother() throws Exception {
    try (TestRedis redis = TestRedis.start()) {
      try (RedisStorage storage = TestRedis.open(TestRedis.options(redis.url()), BEFORE)) {
        write(SampleTenant.fresh(storage));
      }
      try (RedisStorage storage = TestRedis.open(TestRedis.options(redis.url()), RULE);
          Jedis jedis = redis.connect()) {
        TestPurge survivor = new TestPurge(storage);
        for (int kill = 0; kill < KILLS; kill++) {
          killAWalk(redis, jedis);
          assertThat(survivor.run()).as("the dead server's lease goes on").isFalse();
          // As its time would.
          jedis.del(KEYS.walkLease());
        }
        assertThat(isDone(jedis)).as("left by those who died").isFalse();

        while (!isDone(jedis)) {
          assertThat(survivor.run()).isTrue();
        }
      }
      RawKeys raw = RawKeys.of(List.of(redis), "history", "history");
      raw.assertNothingDue(TestPurge.horizon());
      raw.assertExpiries(RULE);
      assertThat(raw.names()).isNotEmpty();
    }
  }

  private static void write(SampleTenant tenant) {
    for (int i = 0; i < OBJECTS; i++) {
      long micros = i % 2 == 0 ? i : LATER + i;
      Key conversation = tenant.key("conv_" + i);
      tenant
          .storage()
          .conversations()
          .create(
              tenant.scope(),
              Samples.conversation(conversation, micros, Metadata.NONE),
              List.of(message("msg_" + i)));
      tenant.record(
          tenant
              .turn("resp_" + i)
              .created(micros)
              .recorded(micros)
              .input(message("in_" + i))
              .output(message("out_" + i)));
    }
  }

  /** In the middle of its work. */
  private static void killAWalk(TestRedis redis, Jedis jedis)
      throws IOException, InterruptedException {
    String before = state(jedis);
    Process walk = JavaProcess.of(KilledWalk.class, redis.url()).inheritIO().start();
    for (int step = 0; step < STEPS; step++) {
      String last = before;
      TestRedis.await("the walk goes on", () -> !walk.isAlive() || !last.equals(state(jedis)));
      before = state(jedis);
    }
    assertThat(walk.isAlive()).as("there was more to do").isTrue();
    walk.toHandle().destroyForcibly();
    assertThat(walk.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static boolean isDone(Jedis jedis) {
    return WalkState.decode(state(jedis)).isDone();
  }

  private static String state(Jedis jedis) {
    String state = jedis.hget(KEYS.walk(), "state");
    return state == null ? "" : state;
  }
}
