package org.smg.history.storage.redis;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.smg.history.config.Options;
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

  /** Certificates by the Java platform's trust, and host names. */
  static final SslOptions CHECKED = SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build();

  private final Redis redis;
  private final RedisKeys keys;
  private final Retention retention;
  private final PendingTurns turns;
  private final Holders holders;
  private final ConversationWriter writer;

  /**
   * @throws org.smg.history.config.InvalidOptions if any option cannot be used
   */
  @Inject
  public RedisStorage(Options options) {
    this(RedisOptions.read(options));
  }

  RedisStorage(RedisOptions options) {
    this(options, Retention.ofDays(options.retentionDays()), CHECKED);
  }

  RedisStorage(RedisOptions options, Retention retention, SslOptions tls) {
    this.redis = new Redis(new RedisConnections(options.url(), options.poolMaxSize(), tls));
    this.keys = new RedisKeys(options.keyPrefix());
    this.retention = retention;
    this.turns = new PendingTurns(redis, keys);
    this.holders = new Holders(redis, keys, turns);
    this.writer = new ConversationWriter(redis, keys, retention, holders);
  }

  @Override
  public ConversationStore conversations() {
    return new RedisConversationStore(redis, keys, retention, writer);
  }

  @Override
  public ResponseStore responses() {
    return new RedisResponseStore(
        redis, keys, turns, new TurnWriter(redis, keys, retention, holders, turns, writer));
  }

  @Override
  public FeedbackStore feedback() {
    return new RedisFeedbackStore(redis, keys, turns);
  }

  @Override
  public void verify() {
    redis.run(Call.of(Script.VALUE, keys.probe()));
  }

  @Override
  public void close() {
    redis.close();
  }
}
