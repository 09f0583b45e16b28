package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.redis.layout.WalkState;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.ScriptCall;
import redis.clients.jedis.Jedis;

/** The walk that gives keys their new expiry after an option was changed. */
interface RetentionWalkContract {

  /** Where Redis is. */
  String url();

  List<TestRedis> servers();

  Duration LEASE = Duration.ofSeconds(30);

  /**
   * A server with these options. Its periods are years, since the times that are stored are old.
   */
  private RedisStorage server(String prefix, RetentionRule rule) {
    return TestRedis.open(TestRedis.options(url(), "redis-key-prefix", prefix), rule);
  }

  private static RetentionRule rule(Integer conversationDays, Integer responseDays) {
    return new RetentionRule(period(conversationDays), period(responseDays), Horizon.NONE);
  }

  private static RetentionPeriod period(Integer days) {
    return new RetentionPeriod(days == null ? null : Duration.ofDays(days));
  }

  private static String all(RetentionStore retention) {
    return retention.tenantAfter(null).orElseThrow();
  }

  /** Purges until no walk is under way. */
  private static void walk(RetentionStore retention) {
    for (int pass = 1; pass <= 2; pass++) {
      while (retention.purge(all(retention), at(0)).more()) {
        // It goes on.
      }
    }
  }

  private WalkState state(String prefix) {
    RedisKeys keys = new RedisKeys(prefix);
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        if (jedis.keys(prefix + ":*").contains(keys.walk())) {
          return WalkState.decode(jedis.hget(keys.walk(), "state"));
        }
      }
    }
    return null;
  }

  @Test
  default void aChangeOfTheOptionsGivesEveryKeyItsNewExpiry() {
    String prefix = "changed";
    try (RedisStorage storage = server(prefix, rule(8_000, 8_000))) {
      ExpiryContract.writeEverything(SampleTenant.fresh(storage));
    }
    int keys = RawKeys.of(servers(), prefix, prefix).names().size();
    List<RetentionRule> changes =
        List.of(
            rule(5_000, 5_000),
            rule(9_000, 9_000),
            rule(null, null),
            rule(6_000, 7_000),
            rule(7_000, 6_000),
            rule(null, 6_000),
            rule(6_000, null));
    for (RetentionRule change : changes) {
      try (RedisStorage storage = server(prefix, change)) {
        walk(storage.retention());

        RawKeys raw = RawKeys.of(servers(), prefix, prefix);
        raw.assertExpiries(change);
        raw.assertNothingDue(Horizon.NONE);
        assertThat(raw.names()).hasSize(keys);
      }
    }
  }

  @Test
  default void nothingIsDoneUntilTheOptionsChangeAgain() {
    String prefix = "idle";
    try (RedisStorage storage = server(prefix, rule(8_000, 8_000))) {
      SampleTenant.fresh(storage).conversation("conv", message("msg"));
      walk(storage.retention());
      WalkState done = state(prefix);
      assertThat(done.isDone()).isTrue();
    }
    try (RedisStorage restarted = server(prefix, rule(8_000, 8_000))) {
      assertThat(restarted.retention().lease("restarted", LEASE)).isTrue();
      assertThat(restarted.retention().purge(all(restarted.retention()), at(0)))
          .isEqualTo(RetentionStore.Step.NOTHING_DUE);
      assertThat(state(prefix).isDone()).isTrue();
    }
    try (RedisStorage changed = server(prefix, rule(7_000, 8_000))) {
      changed.retention().lease("waiting", LEASE);
      assertThat(state(prefix).isDone()).isFalse();
    }
  }

  @Test
  default void anotherServerGoesOnWhereOneDied() {
    String prefix = "resumed";
    RetentionRule rule = rule(5_000, 6_000);
    try (RedisStorage storage = server(prefix, rule(8_000, 8_000))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      for (int i = 0; i < 100; i++) {
        tenant.conversation("conv_" + i, message("msg_" + i));
        tenant.record(
            tenant.turn("resp_" + i).in(tenant.key("conv_" + i)).output(message("o" + i)));
      }
    }
    WalkState left;
    try (RedisStorage dies = server(prefix, rule)) {
      RetentionStore retention = dies.retention();
      assertThat(retention.lease("dies", LEASE)).isTrue();
      do {
        retention.purge(all(retention), at(0));
        left = state(prefix);
      } while (left.cursor().isEmpty() || left.cursor().equals("0"));
    }
    try (RedisStorage next = server(prefix, rule)) {
      RetentionStore retention = next.retention();
      assertThat(retention.lease("next", LEASE)).as("the dead server's lease holds").isFalse();
      retention.release("dies");
      assertThat(retention.lease("next", LEASE)).isTrue();
      assertThat(retention.lease("next", LEASE)).as("renewed").isTrue();
      retention.purge(all(retention), at(0));
      assertThat(state(prefix).scan()).as("the scan goes on").isEqualTo(left.scan());

      walk(retention);

      RawKeys.of(servers(), prefix, prefix).assertExpiries(rule);
    }
  }

  @Test
  default void aRunAndItsConversationStayUntilItEnds() {
    String prefix = "running";
    String name;
    try (RedisStorage storage = server(prefix, rule(8_000, 8_000))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      name = tenant.name();
      new SampleRun(tenant, "resp_a", tenant.conversation("conv_a")).begin();
    }
    try (RedisStorage storage = server(prefix, rule(1, 1))) {
      SampleTenant tenant = new SampleTenant(storage, name);
      SampleRun run = new SampleRun(tenant, "resp_a", tenant.key("conv_a"));

      walk(storage.retention());

      assertThat(run.finish()).isEqualTo(run.finished().response());
      assertThat(tenant.items(tenant.key("conv_a"))).containsExactly(run.input(), run.output());
    }
    try (RedisStorage storage = server(prefix, rule(2, 2))) {
      walk(storage.retention());

      assertThat(RawKeys.of(servers(), prefix, name).names())
          .noneMatch(key -> key.contains(":conversation:") || key.contains(":pointer:"));
    }
  }

  /** A server that is about to be replaced must not undo what its successor has begun. */
  @Test
  default void theServerThatWasStartedLastDecides() {
    String prefix = "successor";
    try (RedisStorage old = server(prefix, rule(8_000, 8_000));
        RedisStorage successor = server(prefix, rule(5_000, 5_000))) {
      SampleTenant tenant = SampleTenant.fresh(old);
      tenant.conversation("conv", message("msg"));
      old.retention().lease("old", LEASE);
      assertThat(successor.retention().lease("successor", LEASE)).isFalse();

      assertThat(old.retention().purge(all(old.retention()), at(0)))
          .isEqualTo(RetentionStore.Step.NOTHING_DUE);
      RetentionStore retention = successor.retention();
      while (retention.purge(all(retention), at(0)).more()) {
        // The first pass goes on.
      }
      // Written with the options of before, and found by the second pass.
      tenant.conversation("conv_late", message("msg_late"));
      while (retention.purge(all(retention), at(0)).more()) {
        // The second pass goes on.
      }

      RawKeys.of(servers(), prefix, prefix).assertExpiries(rule(5_000, 5_000));
    }
  }

  @Test
  default void aScanThatItsServerDoesNotKnowBeginsAnew() {
    String prefix = "forgotten";
    RetentionRule rule = rule(5_000, 5_000);
    try (RedisStorage storage = server(prefix, rule)) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      for (int i = 0; i < 200; i++) {
        tenant.conversation("conv_" + i, message("msg_" + i));
      }
      RetentionStore retention = storage.retention();
      WalkState before;
      do {
        retention.purge(all(retention), at(0));
        before = state(prefix);
      } while (before.cursor().isEmpty() || before.cursor().equals("0"));
      servers()
          .forEach(
              server -> {
                try (Jedis jedis = server.connect()) {
                  jedis.scriptFlush();
                }
              });

      do {
        retention.purge(all(retention), at(0));
      } while (!state(prefix).indexes().isEmpty());

      assertThat(state(prefix).scan()).isNotEqualTo(before.scan());
      walk(retention);
      assertThat(state(prefix).isDone()).isTrue();
    }
  }

  @Test
  default void whatADeadServerLeftBehindIsRemoved() {
    String prefix = "remains";
    RetentionRule rule = rule(5_000, 5_000);
    try (RedisStorage storage = server(prefix, rule)) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      ExpiryContract.writeEverything(tenant);
      RedisKeys keys = new RedisKeys(prefix);
      // As a removal leaves them whose server dies after the first script.
      for (TestRedis server : servers()) {
        try (Jedis jedis = server.connect()) {
          for (String name : jedis.keys(prefix + ":*")) {
            if (name.startsWith(keys.conversation(tenant.key("conv_a")).hash())
                || name.startsWith(keys.response(null, tenant.key("resp_b")).hash())) {
              jedis.sendCommand(redis.clients.jedis.Protocol.Command.DEL, ScriptCall.bytes(name));
            }
          }
        }
      }
    }
    // The entries expire before they could be those of a request that is still under way.
    RetentionRule longer = rule(5_001, 5_001);
    try (RedisStorage storage = server(prefix, longer)) {
      walk(storage.retention());

      RawKeys raw = RawKeys.of(servers(), prefix, prefix);
      raw.assertNothingDue(Horizon.NONE);
      raw.assertExpiries(longer);
      assertThat(raw.names()).isNotEmpty();
    }
  }
}
