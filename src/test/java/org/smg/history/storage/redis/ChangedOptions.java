package org.smg.history.storage.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;

/**
 * A storage whose server is started anew, with another retention, before each purge for which the
 * test has moved the horizon: what an administrator does who wants history to be removed.
 */
final class ChangedOptions implements Storage {

  /** So long that Redis itself removes nothing, whatever the times are that tests store. */
  private static final Duration A_CENTURY = Duration.ofDays(36_500);

  private final SettableHorizon horizon;
  private final Function<RetentionRule, RedisStorage> start;
  private RedisStorage storage;
  private RetentionStore retention;
  private long ofConversations;
  private long ofResponses;
  private int changes;

  ChangedOptions(SettableHorizon horizon, Function<RetentionRule, RedisStorage> start) {
    this.horizon = horizon;
    this.start = start;
    this.storage = start.apply(rule());
    this.retention = storage.retention();
  }

  private RetentionRule rule() {
    ofConversations = horizon.conversations();
    ofResponses = horizon.responses();
    RetentionPeriod period = new RetentionPeriod(A_CENTURY.minusMinutes(changes++));
    return new RetentionRule(period, period, horizon);
  }

  RedisStorage server() {
    return storage;
  }

  @Override
  public RetentionStore retention() {
    return new Restarting();
  }

  private final class Restarting implements RetentionStore {

    @Override
    public Step purge(String tenant, Instant now) {
      if (horizon.conversations() != ofConversations || horizon.responses() != ofResponses) {
        storage.close();
        storage = start.apply(rule());
        retention = storage.retention();
      }
      return retention.purge(tenant, now);
    }

    @Override
    public boolean lease(String holder, Duration duration) {
      return retention.lease(holder, duration);
    }

    @Override
    public void release(String holder) {
      retention.release(holder);
    }

    @Override
    public Optional<String> tenantAfter(String tenant) {
      return retention.tenantAfter(tenant);
    }

    @Override
    public void purged(String tenant, Purged purge) {
      retention.purged(tenant, purge);
    }

    @Override
    public State state(String tenant) {
      return retention.state(tenant);
    }
  }

  @Override
  public ConversationStore conversations() {
    return storage.conversations();
  }

  @Override
  public ResponseStore responses() {
    return storage.responses();
  }

  @Override
  public FeedbackStore feedback() {
    return storage.feedback();
  }

  @Override
  public RunStore runs() {
    return storage.runs();
  }

  @Override
  public IdempotencyStore idempotency() {
    return storage.idempotency();
  }

  @Override
  public ByteSums byteSums() {
    return storage.byteSums();
  }

  @Override
  public void close() {
    storage.close();
  }
}
