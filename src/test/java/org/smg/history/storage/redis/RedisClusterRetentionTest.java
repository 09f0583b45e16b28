package org.smg.history.storage.redis;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.redis.period.RetentionRule;

@ExtendWith(TestCluster.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClusterRetentionTest implements RedisRetentionContract {

  private final CountedBytes counted = new CountedBytes();
  private final SettableHorizon horizon = new SettableHorizon();
  private ChangedOptions storage;
  private TestCluster cluster;

  @BeforeAll
  void start(TestCluster shared) {
    cluster = shared;
    storage = new ChangedOptions(horizon, this::start);
  }

  @AfterAll
  void stop() {
    storage.close();
  }

  private RedisStorage start(RetentionRule rule) {
    return new RedisStorage(
        TestRedis.options(cluster.url(), "redis-key-prefix", PREFIX),
        rule,
        RedisStorage.CHECKED,
        counted);
  }

  @Override
  public CountedBytes counted() {
    return counted;
  }

  @Override
  public SettableHorizon horizon() {
    return horizon;
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public List<TestRedis> servers() {
    return cluster.masters();
  }
}
