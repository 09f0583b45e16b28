package org.smg.history.storage.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClusterStorageTest implements StorageContract {

  private TestCluster cluster;
  private RedisStorage storage;

  @BeforeAll
  void startServers() {
    cluster = TestCluster.start(0);
    storage = cluster.storage();
  }

  @AfterAll
  void stopServers() {
    storage.close();
    cluster.close();
  }

  @Override
  public Storage storage() {
    return storage;
  }
}
