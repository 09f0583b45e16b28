package org.smg.history.storage.redis;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.smg.history.config.Options;
import org.smg.history.storage.Availability;
import org.smg.history.storage.Backend;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyStore;
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
  private final Availability availability;
  private final RedisKeys keys;
  private final RetentionPeriod retention;
  private final ResponseReader reader;
  private final ItemLocator locator;
  private final ConversationWriter writer;

  /**
   * @throws org.smg.history.config.InvalidOptions if any option cannot be used
   */
  @Inject
  public RedisStorage(Options options) {
    this(RedisOptions.read(options));
  }

  RedisStorage(RedisOptions options) {
    this(options, RetentionPeriod.ofDays(options.retentionDays()), CHECKED);
  }

  RedisStorage(RedisOptions options, RetentionPeriod retention, SslOptions tls) {
    this(
        RedisConnections.pool(options.url(), options.poolMaxSize(), tls),
        RedisConnections.probe(options.url(), tls),
        new RedisKeys(options.keyPrefix()),
        retention);
  }

  RedisStorage(
      RedisConnections pool, RedisConnections probe, RedisKeys keys, RetentionPeriod retention) {
    this.availability = new Availability(this::verify);
    this.scripts = new ScriptRunner(pool, availability);
    this.probe = new ScriptRunner(probe, availability);
    this.keys = keys;
    this.retention = retention;
    this.reader = new ResponseReader(scripts, keys);
    this.locator = new ItemLocator(scripts, keys, reader);
    this.writer = new ConversationWriter(scripts, keys, retention);
  }

  @Override
  public ConversationStore conversations() {
    return new RedisConversationStore(scripts, keys, retention, locator, writer);
  }

  @Override
  public ResponseStore responses() {
    return new RedisResponseStore(
        scripts, keys, reader, new TurnWriter(scripts, keys, retention, locator, reader, writer));
  }

  @Override
  public FeedbackStore feedback() {
    return new RedisFeedbackStore(scripts, keys, reader);
  }

  @Override
  public IdempotencyStore idempotency() {
    return new RedisIdempotency(scripts, keys);
  }

  @Override
  public void verify() {
    probe.probe(ScriptCall.command("GET", keys.probe()));
    availability.answered();
  }

  @Override
  public void checkReady() {
    availability.verify();
  }

  @Override
  public void close() {
    availability.close();
    scripts.close();
    probe.close();
  }
}
