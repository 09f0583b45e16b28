package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.RetentionContract;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import redis.clients.jedis.Jedis;

/** The contract of all backends, and where Redis differs from the others. */
interface RedisRetentionContract extends RetentionContract {

  /** What the names of keys begin with. */
  String PREFIX = "retention";

  List<TestRedis> servers();

  private RawKeys raw(String tenant) {
    return RawKeys.of(servers(), PREFIX, tenant);
  }

  @Override
  default void assertNothingDueIsLeft(String tenant) {
    raw(tenant).assertNothingDue(horizon());
  }

  @Override
  default void assertNothingIsLeft(String tenant) {
    raw(tenant).assertNothing();
  }

  /** One walk is for all of them. */
  @Test
  @Override
  default void tenantsComeOneAfterTheOther() {
    RetentionStore retention = storage().retention();

    String all = retention.tenantAfter(null).orElseThrow();

    assertThat(retention.tenantAfter(all)).isEmpty();
    SampleTenant one = freshTenant();
    SampleTenant other = freshTenant();
    one.conversation("conv", message("msg"));
    other.record(other.turn("resp").input(message("msg")));
    horizon().set(at(500), at(500));
    RetentionStore.Step step;
    do {
      step = retention.purge(all, at(0));
    } while (step.more());
    assertNothingIsLeft(one.name());
    assertNothingIsLeft(other.name());
    retention.purged(all, new RetentionStore.Purged(at(7), step.removed()));
    assertThat(retention.state(one.name()).lastPurge())
        .isEqualTo(new RetentionStore.Purged(at(7), new RetentionStore.Counts(1, 1, 0, 0)));
    assertThat(retention.state(other.name()).lastPurge())
        .isEqualTo(new RetentionStore.Purged(at(7), new RetentionStore.Counts(0, 0, 1, 0)));
  }

  /** The sums are kept by the day, and days fall out of them by themselves. */
  @Test
  @Override
  default void aPurgeSubtractsTheBytesThatItRemoves() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv", message("msg"));
    long before = counted().of(tenant);
    horizon().set(at(500), at(500));

    while (storage().retention().purge(tenant.name(), at(0)).more()) {
      // It goes on.
    }

    assertNothingIsLeft(tenant.name());
    assertThat(counted().of(tenant)).isEqualTo(before).isPositive();
  }

  /** They expire. */
  @Test
  @Override
  default void oldIdempotencyRecordsAreRemovedWhoeverComesBack() {
    SampleTenant tenant = freshTenant();
    IdempotencyRecord record =
        new IdempotencyRecord("a".repeat(64), "b".repeat(64), null, 200, List.of("x"), at(0));
    storage()
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(tenant.key("conv")),
            List.of(),
            Optional.of(record));

    while (storage().retention().purge(tenant.name(), at(0)).more()) {
      // It goes on.
    }

    assertThat(storage().idempotency().find(tenant.name(), record.keyHash(), at(-9))).isPresent();
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        for (String key : jedis.keys("*" + tenant.name() + "*idempotency:*")) {
          assertThat(jedis.ttl(key)).isBetween(1L, 90_000L);
        }
      }
    }
  }
}
