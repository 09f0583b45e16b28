package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reference;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;
import redis.clients.jedis.Jedis;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisStorageTest implements StorageContract, RetentionContract, RacesContract {

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
        new RetentionPeriod(retention),
        RedisStorage.CHECKED);
  }

  @Override
  public List<TestRedis> servers() {
    return List.of(redis);
  }

  /** Scripts read ids from entries, too. */
  @Test
  void scriptsReadPackedIds() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Item[] input = {
      message("msg_00ff0a0d255c2025732f7f80a0b1c2d3"),
      message("msg_1"),
      message("msg_2"),
      message("fc_68a1f0123456789abcdef00ff7f80a0b1c2d3"),
    };
    tenant.record(tenant.turn("resp_a").input(input));

    assertThat(tenant.inputOf("resp_a").walk(Order.ASC, 1)).containsExactly(input);
    storage.responses().delete(tenant.scope(), "resp_a");
    assertThat(input).noneMatch(item -> tenant.canLink(item.id()));
    try (Jedis jedis = redis.connect()) {
      assertThat(jedis.keys("history:item:{" + tenant.name() + "*")).isEmpty();
    }
  }

  /** About 100 locations fit the key of an item. */
  @Test
  void manyConversationsOfAnotherUserDoNotHideTheFirstOneWithAnItem() {
    SampleTenant alice = SampleTenant.fresh(storage).as("alice");
    SampleTenant bob = alice.as("bob");
    alice.conversation("conv_a", message("msg_1"));
    for (int i = 0; i < 300; i++) {
      bob.conversation("conv_of_bob_" + i, message("msg_1", "of bob"));
    }
    Key another = alice.conversation("conv_b", reference("msg_1"));

    assertThat(alice.items(another)).containsExactly(message("msg_1"));
    try (Jedis jedis = redis.connect()) {
      String locations = new RedisKeys("history").itemLocations(alice.name(), "msg_1");
      assertThat(jedis.strlen(locations)).isLessThan(5_000);
    }
  }
}
