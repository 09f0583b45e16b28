package org.smg.history.storage.redis;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisStorageTest implements StorageContract, RetentionContract {

  private TestRedis redis;
  private RedisStorage storage;

  @BeforeAll
  void startServer() {
    redis = TestRedis.start();
    storage = redis.storage();
  }

  @AfterAll
  void stopServer() {
    storage.close();
    redis.close();
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public RedisStorage storage(String prefix, Duration retention) {
    return new RedisStorage(
        TestRedis.settings(redis.url(), "redis-key-prefix", prefix),
        new Retention(retention),
        RedisStorage.CHECKED);
  }

  @Override
  public List<TestRedis> servers() {
    return List.of(redis);
  }
}
