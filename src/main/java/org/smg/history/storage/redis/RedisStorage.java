package org.smg.history.storage.redis;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.smg.history.config.Settings;
import org.smg.history.storage.Backend;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StoredIn;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** The backend {@code redis}. */
@Dependent
@StoredIn(Backend.REDIS)
public final class RedisStorage implements Storage, AutoCloseable {

  /** Certificates have to be trusted by the Java platform and to name the host. */
  static final SslOptions CHECKED = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build();

  private final ScriptRunner scripts;
  private final ScriptRunner probe;
  private final RedisKeys keys;
  private final RetentionPeriod retention;
  private final PendingTurns turns;
  private final ItemLocator locator;
  private final ConversationWriter writer;

  /**
   * @throws org.smg.history.config.InvalidOption if the URL cannot be used
   */
  @Inject
  public RedisStorage(Settings settings) {
    this(settings, RetentionPeriod.ofDays(settings.redisRetentionDays()), CHECKED);
  }

  RedisStorage(Settings settings, RetentionPeriod retention, SslOptions tls) {
    this(
        RedisConnections.pool(RedisUrl.of(settings.redisUrl()), settings.redisPoolMaxSize(), tls),
        RedisConnections.probe(RedisUrl.of(settings.redisUrl()), tls),
        new RedisKeys(settings.redisKeyPrefix()),
        retention);
  }

  RedisStorage(
      RedisConnections pool, RedisConnections probe, RedisKeys keys, RetentionPeriod retention) {
    this.scripts = new ScriptRunner(pool);
    this.probe = new ScriptRunner(probe);
    this.keys = keys;
    this.retention = retention;
    this.turns = new PendingTurns(scripts, keys);
    this.locator = new ItemLocator(scripts, keys, turns);
    this.writer = new ConversationWriter(scripts, keys, retention, locator);
  }

  @Override
  public ConversationStore conversations() {
    return new RedisConversationStore(scripts, keys, retention, writer);
  }

  @Override
  public ResponseStore responses() {
    return new RedisResponseStore(
        scripts, keys, turns, new TurnWriter(scripts, keys, retention, locator, turns, writer));
  }

  @Override
  public FeedbackStore feedback() {
    return new RedisFeedbackStore(scripts, keys, turns);
  }

  @Override
  public void verify() {
    probe.run(ScriptCall.of(Script.VALUE_READ, keys.probe()));
  }

  @Override
  public void close() {
    scripts.close();
    probe.close();
  }
}
