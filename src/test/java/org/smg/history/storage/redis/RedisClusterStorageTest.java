package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.LeaseContract;
import org.smg.history.storage.RunContract;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;
import org.smg.history.storage.StoredBytesContract;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisClusterCRC16;

@ExtendWith(TestCluster.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClusterStorageTest
    implements StorageContract,
        RunContract,
        LeaseContract,
        StoredBytesContract,
        ExpiryContract,
        RetentionWalkContract,
        RacesContract,
        PointerRacesContract,
        RunTracesContract {

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

  /** A fail-over may lose the last writes of the one slot and not those of the other. */
  @Test
  void aRunWhoseNoteIsLostIsNotedAgainByWhoFindsItsConversationLocked() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv_a");
    SampleRun run = new SampleRun(tenant, "resp_a", conversation);
    run.begin();
    String noted = new RedisKeys("history").runs(RunLeases.nameOf(SampleRun.SERVER));
    try (Jedis jedis = cluster.masterOf(JedisClusterCRC16.getSlot(noted)).connect()) {
      jedis.hdel(noted, RunLeases.noteOf(tenant.key("resp_a")));
    }
    assertThat(run.isAbandoned()).isFalse();

    assertThatThrownBy(new SampleRun(tenant, "resp_b", conversation)::begin)
        .isInstanceOf(HistoryFailure.ConversationLocked.class);

    assertThat(run.isAbandoned()).isTrue();
  }
}
