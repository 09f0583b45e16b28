package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.reference;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smg.history.model.Key;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.LeaseContract;
import org.smg.history.storage.RunContract;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;
import org.smg.history.storage.StoredBytesContract;
import redis.clients.jedis.Jedis;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisStorageTest
    implements StorageContract,
        RunContract,
        LeaseContract,
        StoredBytesContract,
        ExpiryContract,
        RetentionWalkContract,
        RacesContract,
        PointerRacesContract,
        RunTracesContract {

  private TestRedis redis;
  private final CountedBytes counted = new CountedBytes();
  private RedisStorage storage;

  @BeforeAll
  void startServer() {
    redis = TestRedis.start();
    storage =
        new RedisStorage(
            TestRedis.options(redis.url()),
            TestRedis.rule(Duration.ofDays(30)),
            RedisStorage.CHECKED,
            counted);
  }

  @AfterAll
  void stopServer() {
    storage.close();
    redis.close();
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
    return redis.url();
  }

  @Override
  public RedisStorage storage(String prefix, Duration retention) {
    return TestRedis.open(
        TestRedis.options(redis.url(), "redis-key-prefix", prefix), TestRedis.rule(retention));
  }

  @Override
  public List<TestRedis> servers() {
    return List.of(redis);
  }

  @Test
  void anAppendAndATurnAreOneRoundTripEachWhateverIsStoredUnderTheIdsOfTheirItems() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    tenant.conversation("conv_a", messages("msg_", 4));
    Key conversation = tenant.conversation("conv_b");
    // The server knows the scripts from here on.
    tenant.append(conversation, message("msg_1", "own"));
    tenant.record(tenant.turn("resp_a").in(conversation).output(message("msg_2", "own")));

    assertThat(scriptsRun(() -> tenant.append(conversation, message("msg_3", "own")))).isEqualTo(1);
    assertThat(
            scriptsRun(
                () ->
                    tenant.record(
                        tenant
                            .turn("resp_b")
                            .in(conversation)
                            .input(message("msg_1", "own"), message("msg_3", "own"))
                            .output(message("msg_4", "own")))))
        .isEqualTo(1);
    assertThat(tenant.items(conversation))
        .containsExactly(
            message("msg_1", "own"),
            message("msg_2", "own"),
            message("msg_3", "own"),
            message("msg_4", "own"));
  }

  @Test
  void aRunIsOneRoundTripForItsBeginAndOneForItsEnd() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.conversation("conv_a", messages("msg_", 4));
    // The server knows the scripts from here on.
    SampleRun first = new SampleRun(tenant, "resp_a", conversation);
    first.begin();
    first.finish();
    SampleRun run = new SampleRun(tenant, "resp_b", conversation);

    assertThat(scriptsRun(run::begin)).isEqualTo(1);
    assertThat(scriptsRun(run::finish)).isEqualTo(1);
  }

  private long scriptsRun(Runnable operation) {
    try (Jedis jedis = redis.connect()) {
      jedis.configResetStat();
      operation.run();
      return jedis
          .info("commandstats")
          .lines()
          .filter(line -> line.startsWith("cmdstat_eval"))
          .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=([0-9]+),.*", "$1")))
          .sum();
    }
  }

  /** About 80 locations fit the key of an item. */
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
