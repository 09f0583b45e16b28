package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.model.HistoryFailure;

/** Fail-over by Sentinels, with real ones. */
@Timeout(120)
class RedisSentinelTest {

  @Test
  void aReplicaTakesOverUnderLoadAndOnlyTheLastWritesBeforeItAreLost() {
    try (TestRedis master = TestRedis.start();
        TestRedis replica = TestRedis.start("replicaof 127.0.0.1 " + master.port());
        TestSentinels sentinels = TestSentinels.watching(master, replica);
        RedisStorage storage = TestRedis.open(sentinels.url());
        Load load = new Load(storage)) {
      long before = System.nanoTime();
      load.awaitProgress();
      master.kill();
      long killed = System.nanoTime();
      load.awaitProgress();
      load.stop();

      // Redis acknowledges a write before its replica has it, so the last ones may be lost.
      load.assertKept(Math.max(before, killed - 500_000_000L), killed + 100_000_000L);
    }
  }

  @Test
  void sentinelsThatAreDownAtTheStartAreAskedAgain() {
    try (TestRedis master = TestRedis.start();
        TestSentinels sentinels = TestSentinels.watching(master)) {
      sentinels.all().forEach(TestRedis::kill);
      try (RedisStorage storage = TestRedis.open(sentinels.url())) {
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
}
