package org.smg.history.storage.redis;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.config.Options;
import org.smg.history.storage.Availability;
import org.smg.history.storage.Backend;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.ConnectionUse;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StoredIn;
import org.smg.history.storage.redis.options.RedisOptions;
import org.smg.history.storage.redis.period.RetentionRule;
import org.smg.history.storage.redis.script.RedisConnections;
import org.smg.history.storage.redis.script.Script;
import org.smg.history.storage.redis.script.ScriptCall;
import org.smg.history.storage.redis.script.ScriptRunner;
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
  private final RetentionRule retention;
  private final ResponseReader reader;
  private final ItemLocator locator;
  private final ConversationWriter writer;
  private final ResponseExpiry expiry;
  private final ResponseWriter responseWriter;
  private final RunLeases leases;
  private final RetentionWalk walk;
  private final ByteMeter meter;

  /**
   * @throws org.smg.history.config.InvalidOptions if any option cannot be used
   */
  @Inject
  public RedisStorage(Options options, ByteMeter meter, Horizon horizon) {
    this(RedisOptions.read(options), RetentionRule.of(horizon), CHECKED, meter);
  }

  RedisStorage(RedisOptions options, RetentionRule retention, SslOptions tls, ByteMeter meter) {
    this(
        RedisConnections.pool(options.url(), options.poolMaxSize(), tls),
        RedisConnections.probe(options.url(), tls),
        new RedisKeys(options.keyPrefix()),
        retention,
        meter);
  }

  RedisStorage(
      RedisConnections pool,
      RedisConnections probe,
      RedisKeys keys,
      RetentionRule retention,
      ByteMeter meter) {
    this.availability = new Availability(this::verify);
    this.scripts = new ScriptRunner(pool, availability);
    this.probe = new ScriptRunner(probe, availability);
    this.keys = keys;
    this.retention = retention;
    this.reader = new ResponseReader(scripts, keys, retention);
    this.locator = new ItemLocator(scripts, keys, reader, retention);
    this.writer = new ConversationWriter(scripts, keys, retention, meter);
    this.expiry = new ResponseExpiry(scripts, keys, retention);
    this.responseWriter = new ResponseWriter(scripts, keys, retention, reader, writer, expiry);
    this.leases = new RunLeases(scripts, keys);
    this.walk = new RetentionWalk(scripts, keys, retention, writer, expiry);
    this.meter = meter;
  }

  @Override
  public ConversationStore conversations() {
    return new RedisConversationStore(scripts, keys, retention, locator, writer);
  }

  @Override
  public ResponseStore responses() {
    return new RedisResponseStore(
        scripts,
        keys,
        reader,
        new TurnWriter(scripts, keys, retention, locator, writer, responseWriter),
        expiry,
        leases,
        meter);
  }

  @Override
  public RetentionStore retention() {
    return walk;
  }

  @Override
  public FeedbackStore feedback() {
    return new RedisFeedbackStore(scripts, keys, reader, meter);
  }

  @Override
  public IdempotencyStore idempotency() {
    return new RedisIdempotency(scripts, keys);
  }

  @Override
  public RunStore runs() {
    return new RedisRunStore(
        scripts,
        keys,
        retention,
        locator,
        reader,
        responses(),
        new PromptWriter(scripts, keys, retention, writer, responseWriter, leases),
        new RunFinisher(scripts, keys, retention, locator, writer, responseWriter, leases),
        leases);
  }

  @Override
  public ByteSums byteSums() {
    return new Sums();
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
  public Optional<ConnectionUse> connections() {
    return Optional.of(scripts.connections());
  }

  @Override
  public void close() {
    availability.close();
    scripts.close();
    probe.close();
  }

  /**
   * Sums of stored bytes in a hash for each tenant. They are kept by the day on which they were
   * added, and a day falls out of the sum when the data of it has expired.
   */
  private final class Sums implements ByteSums {

    @Override
    public void add(String tenant, Map<String, Long> changes) {
      ScriptCall call =
          ScriptCall.of(Script.BYTES_ADD, keys.storedBytes(tenant))
              .with(retention.longer().firstDay())
              .with(retention.longer().today())
              .with(retention.longer().expiresAt());
      changes.forEach((name, bytes) -> call.with(name, Long.toString(bytes)));
      scripts.run(call);
    }

    @Override
    public Map<String, Long> sums(String tenant) {
      ScriptCall read = ScriptCall.command("HGETALL", keys.storedBytes(tenant));
      List<String> fields = scripts.reply(read).texts();
      long first = retention.longer().firstDay();
      Map<String, Long> sums = new HashMap<>();
      for (int i = 0; i < fields.size(); i += 2) {
        String[] dayAndName = fields.get(i).split(" ", 2);
        if (Long.parseLong(dayAndName[0]) >= first) {
          sums.merge(dayAndName[1], Long.parseLong(fields.get(i + 1)), Long::sum);
        }
      }
      return sums;
    }
  }
}
