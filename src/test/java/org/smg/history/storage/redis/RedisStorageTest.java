package org.smg.history.storage.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisStorageTest implements StorageContract {

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
}
