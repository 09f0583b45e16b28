package org.smg.history.storage.redis;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;
import org.smg.history.storage.StoredBytesContract;

@ExtendWith(TestCluster.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClusterStorageTest
    implements StorageContract,
        StoredBytesContract,
        ExpiryContract,
        RetentionWalkContract,
        RacesContract,
        PointerRacesContract {

  private TestCluster cluster;
  private final CountedBytes counted = new CountedBytes();
  private RedisStorage storage;

  @BeforeAll
  void connect(TestCluster shared) {
    cluster = shared;
    storage =
        new RedisStorage(
            TestRedis.options(cluster.url()),
            TestRedis.rule(Duration.ofDays(30)),
            RedisStorage.CHECKED,
            counted);
  }

  @AfterAll
  void disconnect() {
    storage.close();
  }

  @Override
  public CountedBytes counted() {
    return counted;
  }

  @Override
  public Storage storage() {
    return storage;
  }

  @Override
  public String url() {
    return cluster.url();
  }

  @Override
  public RedisStorage storage(String prefix, Duration retention) {
    return TestRedis.open(
        TestRedis.options(cluster.url(), "redis-key-prefix", prefix), TestRedis.rule(retention));
  }

  @Override
  public List<TestRedis> servers() {
    return cluster.masters();
  }
}
