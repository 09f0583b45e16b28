package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;

/** Redis is killed many times while it is walked over, between any two scripts. */
@Timeout(180)
class RetentionWalkDeathTest {

  private static final int OBJECTS = 150;
  private static final int KILLS = 5;

  @Test
  void nothingThatIsDueIsLeftAndAllOtherKeysExpireInTime() {
    SettableHorizon horizon = new SettableHorizon();
    RetentionRule before =
        new RetentionRule(
            new RetentionPeriod(Duration.ofDays(8_000)), new RetentionPeriod(null), horizon);
    RetentionRule after =
        new RetentionRule(
            new RetentionPeriod(Duration.ofDays(5_000)),
            new RetentionPeriod(Duration.ofDays(6_000)),
            horizon);
    try (TestRedis redis = TestRedis.start("appendonly yes", "appendfsync always")) {
      try (RedisStorage storage = TestRedis.open(TestRedis.options(redis.url()), before)) {
        write(SampleTenant.fresh(storage));
      }
      horizon.set(at(OBJECTS / 2), at(OBJECTS / 2));
      try (RedisStorage storage =
          new RedisStorage(
              TestRedis.options(redis.url()), after, RedisStorage.CHECKED, ByteMeter.NONE)) {
        killWhileWalking(redis, storage.retention());
      }
      RawKeys raw = RawKeys.of(List.of(redis), "history", "history");
      raw.assertNothingDue(horizon);
      raw.assertExpiries(after);
      assertThat(raw.names()).isNotEmpty();
    }
  }

  /** Half of it is due, in conversations, in responses, and across both. */
  private static void write(SampleTenant tenant) {
    for (int i = 0; i < OBJECTS; i++) {
      Key conversation = tenant.key("conv_" + i);
      tenant
          .storage()
          .conversations()
          .create(
              tenant.scope(),
              Samples.conversation(conversation, i, Metadata.NONE),
              List.of(message("msg_" + i)));
      tenant.record(
          tenant
              .turn("resp_" + i)
              .recorded(OBJECTS - i)
              .input(message("in_" + i), message("msg_" + i))
              .output(message("out_" + i)));
      tenant.feedback("fb_" + i, "resp_" + i);
    }
  }

  private static void killWhileWalking(TestRedis redis, RetentionStore retention) {
    String all = retention.tenantAfter(null).orElseThrow();
    AtomicLong steps = new AtomicLong();
    CompletableFuture<Void> walk =
        CompletableFuture.runAsync(
            () -> {
              int passes = 0;
              while (passes < 2) {
                try {
                  passes += retention.purge(all, at(0)).more() ? 0 : 1;
                  steps.incrementAndGet();
                } catch (HistoryFailure.Unavailable killed) {
                  // As the purge does at its next interval: it tries again.
                  Thread.onSpinWait();
                }
              }
            });
    Random random = new Random();
    for (int kill = 0; kill < KILLS && !walk.isDone(); kill++) {
      long begun = steps.get();
      int wait = 1 + random.nextInt(4);
      TestRedis.await("the walk goes on", () -> walk.isDone() || steps.get() >= begun + wait);
      redis.kill();
      redis.restart();
    }
    walk.join();
    assertThat(retention.purge(all, at(0))).isEqualTo(RetentionStore.Step.NOTHING_DUE);
  }
}
