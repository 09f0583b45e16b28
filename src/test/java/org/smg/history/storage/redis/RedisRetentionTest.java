package org.smg.history.storage.redis;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.redis.period.RetentionRule;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisRetentionTest implements RedisRetentionContract {

  private final CountedBytes counted = new CountedBytes();
  private final SettableHorizon horizon = new SettableHorizon();
  private ChangedOptions storage;
  private TestRedis redis;

  @BeforeAll
  void start() {
    redis = TestRedis.start();
    storage = new ChangedOptions(horizon, this::start);
  }

  @AfterAll
  void stop() {
    storage.close();
    redis.close();
  }

  private RedisStorage start(RetentionRule rule) {
    return new RedisStorage(
        TestRedis.options(redis.url(), "redis-key-prefix", PREFIX),
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
    return List.of(redis);
  }
}
