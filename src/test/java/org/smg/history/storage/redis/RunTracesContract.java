package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseStatus;
import org.smg.history.storage.Availability;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.ResponseListContract;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.StorageUnderTest;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.RedisConnections;
import org.smg.history.storage.redis.script.RedisUrl;
import org.smg.history.storage.redis.script.ScriptRunner;
import redis.clients.jedis.Jedis;

/** What runs leave in Redis, and what becomes of what others have left of them. */
interface RunTracesContract extends StorageUnderTest {

  /** Where Redis is; the backend uses the default prefix there. */
  String url();

  List<TestRedis> servers();

  CountedBytes counted();

  RedisStorage storage(String prefix, Duration retention);

  private Set<String> names(SampleTenant tenant) {
    return RawKeys.of(servers(), "history", tenant.name()).names();
  }

  /** The runs of a tenant that servers have noted. */
  private Set<String> noted(SampleTenant tenant) {
    Set<String> noted = new HashSet<>();
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        for (String runs : jedis.keys("history:runs:{leases}:*")) {
          noted.addAll(jedis.hkeys(runs));
        }
      }
    }
    noted.removeIf(run -> !run.startsWith(tenant.name() + ":"));
    return noted;
  }

  @Test
  default void aRunIsNotedUntilItEnds() {
    SampleTenant tenant = freshTenant();
    SampleRun finished = new SampleRun(tenant, "resp_a", tenant.conversation("conv_a"));
    SampleRun deleted = new SampleRun(tenant, "resp_b", null);
    finished.begin();
    deleted.begin();
    assertThat(noted(tenant))
        .containsExactlyInAnyOrder(tenant.name() + ":resp_a", tenant.name() + ":resp_b");

    finished.finish();
    assertThat(noted(tenant)).containsExactly(tenant.name() + ":resp_b");

    deleteRuns(tenant);
    assertThat(noted(tenant)).isEmpty();
  }

  private void deleteRuns(SampleTenant tenant) {
    storage()
        .responses()
        .delete(
            tenant.scope(),
            ResponseListContract.FilterBuilder.of(tenant)
                .status(ResponseStatus.IN_PROGRESS)
                .build(),
            10);
  }

  @Test
  default void aRunThatIsRefusedLeavesNothing() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    new SampleRun(tenant, "resp_a", conversation).begin();
    Set<String> names = names(tenant);
    Set<String> noted = noted(tenant);

    assertThatThrownBy(new SampleRun(tenant, "resp_b", conversation)::begin)
        .isInstanceOf(HistoryFailure.ConversationLocked.class);
    assertThatThrownBy(new SampleRun(tenant, "resp_b", tenant.key("conv_b"))::begin)
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThatThrownBy(() -> new SampleRun(tenant, "resp_b", null).begin(10))
        .isInstanceOf(HistoryFailure.ContextTooLong.class);

    assertThat(names(tenant)).isEqualTo(names);
    assertThat(noted(tenant)).isEqualTo(noted);
  }

  /** An older server, which knows no runs, has deleted the response; or it has expired. */
  @Test
  default void aConversationWhoseRunIsGoneIsFree() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    SampleRun gone = new SampleRun(tenant, "resp_a", conversation);
    gone.begin();
    String hash = new RedisKeys("history").response(conversation, gone.run().prompt().key()).hash();
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        jedis.keys(hash + "*").forEach(jedis::del);
      }
    }

    SampleRun next = new SampleRun(tenant, "resp_b", conversation);
    next.begin();
    next.finish();

    assertThatThrownBy(gone::finish).isInstanceOf(HistoryFailure.RunEnded.class);
    assertThat(tenant.items(conversation)).containsExactly(next.input(), next.output());
  }

  /** Between noting a run and beginning it, its server loses its lease, and goes on. */
  @Test
  default void aRunThatWasGivenUpBeforeItBeganDoesNotBegin() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    SampleRun run = new SampleRun(tenant, "resp_a", conversation);
    RedisKeys keys = new RedisKeys("history");
    RetentionRule retention = TestRedis.rule(Duration.ofDays(30));
    try (ScriptRunner scripts =
        new ScriptRunner(
            RedisConnections.pool(RedisUrl.of(url()), 2, RedisStorage.CHECKED),
            new Availability(() -> {}))) {
      ResponseReader reader = new ResponseReader(scripts, keys, retention);
      ItemLocator locator = new ItemLocator(scripts, keys, reader, retention);
      ConversationWriter conversations =
          new ConversationWriter(scripts, keys, retention, ByteMeter.NONE);
      ResponseWriter responses =
          new ResponseWriter(
              scripts,
              keys,
              retention,
              reader,
              conversations,
              new ResponseExpiry(scripts, keys, retention));
      RunLeases leases = new RunLeases(scripts, keys);
      ResponseWriter.Attempt attempt =
          new PromptWriter(scripts, keys, retention, conversations, responses, leases)
              .attempt(
                  run.run(),
                  ItemBatch.of(tenant.scope(), run.run().input(), locator),
                  1 << 20,
                  keys.conversation(conversation).hash() + ":unused",
                  Optional.empty());
      responses.setPointer(run.run().prompt().key(), "", attempt.pointer());
      leases.note(RunLeases.nameOf(SampleRun.SERVER), run.run().prompt().key(), attempt.pointer());

      assertThat(run.isAbandoned()).isFalse();

      assertThat(noted(tenant)).isEmpty();
      assertThat(responses.commit(attempt, attempt.pointer()).status()).isEqualTo("voided");
      assertThat(run.found()).isEmpty();
      run.begin();
      assertThat(run.isAbandoned()).isTrue();
    }
  }

  @Test
  default void aRunCountsWhatIsStoredOfIt() {
    SampleTenant tenant = freshTenant();
    SampleRun run = new SampleRun(tenant, "resp_a", tenant.key("conv_a"));
    long conversation = counted().by(tenant, () -> tenant.conversation("conv_a"));
    long input = run.input().json().length();
    long output = run.output().json().length();
    long answer = run.finished().response().json().length();

    assertThat(counted().by(tenant, run::begin)).isEqualTo(SampleRun.PROMPT.length() + input);
    run.finish();
    assertThat(counted().of(tenant) - conversation).isEqualTo(answer + input + input + output);

    storage().conversations().delete(tenant.scope(), "conv_a");
    storage().responses().delete(tenant.scope(), "resp_a");
    new SampleRun(tenant, "resp_b", null).begin();
    deleteRuns(tenant);
    assertThat(counted().of(tenant)).isZero();
  }

  @Test
  default void aConversationDoesNotExpireBeforeItsRunIsAnHourOld() {
    try (RedisStorage storage = storage("young", Duration.ofMinutes(10))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", message("before"));
      long before = System.currentTimeMillis();

      new SampleRun(tenant, "resp_a", conversation).begin();

      RawKeys raw = RawKeys.of(servers(), "young", tenant.name());
      RedisKeys.ConversationKeys names = new RedisKeys("young").conversation(conversation);
      assertThat(List.of(names.hash(), names.items(), names.positions()))
          .allSatisfy(
              key ->
                  assertThat(raw.expiry(key))
                      .isGreaterThan(before + Duration.ofMinutes(59).toMillis()));
    }
  }
}
