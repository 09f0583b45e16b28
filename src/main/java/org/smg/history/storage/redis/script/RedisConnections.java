package org.smg.history.storage.redis.script;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.smg.history.storage.ConnectionUse;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.Pool;

/**
 * A pool of connections. Its client is made on first use, and each use tries again until that
 * succeeds: a client for Sentinel or a Cluster cannot be made while all the servers of the URL are
 * down, and that must not stop this server's start.
 */
public final class RedisConnections implements AutoCloseable {

  /** The limit for each of these: to connect, to get an answer, to get a free connection. */
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final int CLUSTER_ATTEMPTS = 5;

  /**
   * @param pools of the servers that are known now
   */
  private record Opened(UnifiedJedis client, Supplier<Collection<? extends Pool<?>>> pools) {}

  private final RedisUrl url;
  private final int poolSize;
  private final SslOptions tls;
  private final boolean overJmx;
  private final ReentrantLock opening = new ReentrantLock();
  private final LongAdder waited = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile Opened opened;

  /**
   * The connections that requests share.
   *
   * @param size how many at most, to each server
   * @param tls how to check certificates where the URL asks for TLS
   */
  public static RedisConnections pool(RedisUrl url, int size, SslOptions tls) {
    return new RedisConnections(url, size, tls, true);
  }

  /** One connection that no request uses, so that the readiness check waits for none (ADR 85). */
  public static RedisConnections probe(RedisUrl url, SslOptions tls) {
    return new RedisConnections(url, 1, tls, false);
  }

  private RedisConnections(RedisUrl url, int poolSize, SslOptions tls, boolean overJmx) {
    this.url = url;
    this.poolSize = poolSize;
    this.tls = tls;
    this.overJmx = overJmx;
  }

  public boolean oneServer() {
    return url.form() != RedisUrl.Form.CLUSTER;
  }

  public UnifiedJedis client() {
    Opened current = opened();
    // Of a Cluster's pools it is not known here which one will be asked.
    if (oneServer() && current.pools().get().stream().allMatch(this::isInUse)) {
      waited.increment();
    }
    return current.client();
  }

  private boolean isInUse(Pool<?> pool) {
    return pool.getNumActive() >= poolSize;
  }

  /** To be called when an operation failed: it may be that it got no connection. */
  void note(JedisException failure) {
    // The pool's own failure is Jedis' base class itself; the others are of making a connection.
    if (failure.getClass() == JedisException.class
        || failure instanceof JedisConnectionException
            && String.valueOf(failure.getMessage()).startsWith("Failed to c")) {
      refused.increment();
    }
  }

  /** Of all known servers together. */
  ConnectionUse use() {
    Opened current = opened;
    Collection<? extends Pool<?>> pools = current == null ? List.of() : current.pools().get();
    return new ConnectionUse(
        pools.stream().mapToLong(Pool::getNumActive).sum(),
        (long) poolSize * Math.max(1, pools.size()),
        OptionalLong.of(pools.stream().mapToLong(Pool::getNumIdle).sum()),
        OptionalLong.of(pools.stream().mapToLong(Pool::getNumWaiters).sum()),
        oneServer() ? OptionalLong.of(waited.sum()) : OptionalLong.empty(),
        refused.sum());
  }

  /** The slots of each master of a Cluster, by the lowest one. */
  SortedMap<Integer, String> slots() {
    RedisClusterClient cluster = (RedisClusterClient) client();
    Map<String, TreeMap<Integer, String>> ofMasters = new HashMap<>();
    try (Connection any = cluster.getConnectionFromSlot(0)) {
      Object reply =
          any.executeCommand(new CommandArguments(Protocol.Command.CLUSTER).add("SLOTS"));
      for (Object entry : (List<?>) reply) {
        ScriptReply range = ScriptReply.of(entry);
        ofMasters
            .computeIfAbsent(range.list(2).text(2), master -> new TreeMap<>())
            .put((int) range.number(0), range.number(0) + "-" + range.number(1));
      }
    }
    SortedMap<Integer, String> slots = new TreeMap<>();
    ofMasters.forEach(
        (master, ranges) ->
            slots.put(ranges.firstKey(), master + " " + String.join(" ", ranges.values())));
    return slots;
  }

  /** Closes the connections that are not in use. */
  void dropIdle() {
    Opened current = opened;
    if (current != null) {
      current.pools().get().forEach(Pool::clear);
    }
  }

  @Override
  public void close() {
    opening.lock();
    try {
      if (opened != null) {
        opened.client().close();
        opened = null;
      }
    } finally {
      opening.unlock();
    }
  }

  private Opened opened() {
    Opened current = opened;
    return current != null ? current : open();
  }

  private Opened open() {
    try {
      if (!opening.tryLock(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new JedisConnectionException("another request is still connecting to " + url);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JedisConnectionException(e);
    }
    try {
      if (opened == null) {
        opened =
            switch (url.form()) {
              case SERVER -> server();
              case CLUSTER -> cluster();
              case SENTINEL -> sentinel();
            };
      }
      return opened;
    } finally {
      opening.unlock();
    }
  }

  private Opened server() {
    RedisClient client =
        RedisClient.builder()
            .hostAndPort(url.hosts().get(0))
            .clientConfig(clientConfig())
            .poolConfig(poolConfig())
            .build();
    return new Opened(client, () -> List.of(client.getPool()));
  }

  private Opened cluster() {
    RedisClusterClient client =
        RedisClusterClient.builder()
            .nodes(new HashSet<>(url.hosts()))
            .clientConfig(clientConfig())
            .poolConfig(poolConfig())
            .maxAttempts(CLUSTER_ATTEMPTS)
            .maxTotalRetriesDuration(TIMEOUT.multipliedBy(2))
            .build();
    return new Opened(client, () -> client.getClusterNodes().values());
  }

  private Opened sentinel() {
    Set<HostAndPort> sentinels = new HashSet<>(url.hosts());
    RedisSentinelClient client =
        RedisSentinelClient.builder()
            .masterName(url.master())
            .sentinels(sentinels)
            .sentinelClientConfig(transport().build())
            .clientConfig(clientConfig())
            .poolConfig(poolConfig())
            .build();
    return new Opened(client, () -> client.getPrimaryNodesConnectionMap().values());
  }

  private JedisClientConfig clientConfig() {
    return transport()
        .user(url.user())
        .password(url.password())
        .database(url.database())
        .clientName(overJmx ? "history" : "history-probe")
        .build();
  }

  private DefaultJedisClientConfig.Builder transport() {
    DefaultJedisClientConfig.Builder config =
        // Each command while a connection is made may take the timeout again, so none is sent
        // that is not needed.
        DefaultJedisClientConfig.builder()
            .resp2()
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .connectionTimeoutMillis((int) TIMEOUT.toMillis())
            .socketTimeoutMillis((int) TIMEOUT.toMillis());
    if (url.tls()) {
      config.sslOptions(tls);
    }
    return config;
  }

  /** JMX shows the numbers of the shared pool as {@code org.smg.history:type=RedisPool}. */
  private ConnectionPoolConfig poolConfig() {
    ConnectionPoolConfig config = new ConnectionPoolConfig();
    config.setMaxTotal(poolSize);
    config.setMaxIdle(poolSize);
    config.setMaxWait(TIMEOUT);
    config.setJmxEnabled(overJmx);
    config.setJmxNameBase("org.smg.history:type=RedisPool,name=");
    config.setJmxNamePrefix("pool");
    return config;
  }
}
