package org.smg.history.storage.redis;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.util.Pool;

/**
 * Makes the client on first use, and again until it succeeds: what asks the Sentinels or the
 * Cluster who serves cannot be made while they are down, and that must not stop this server's
 * start.
 */
final class RedisConnections implements AutoCloseable {

  /** How long to wait for a connection to be made, for an answer, and for a free connection. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final int CLUSTER_ATTEMPTS = 5;

  private record Opened(UnifiedJedis client, Runnable dropIdle) {}

  private final RedisUrl url;
  private final int poolSize;
  private final SslOptions tls;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile Opened opened;

  /**
   * @param tls whom to trust where the URL asks for TLS
   */
  RedisConnections(RedisUrl url, int poolSize, SslOptions tls) {
    this.url = url;
    this.poolSize = poolSize;
    this.tls = tls;
  }

  boolean oneNode() {
    return url.form() != RedisUrl.Form.CLUSTER;
  }

  UnifiedJedis client() {
    return opened().client();
  }

  /** Closes connections that nobody uses. */
  void dropIdle() {
    Opened current = opened;
    if (current != null) {
      current.dropIdle().run();
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
      if (!opening.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new JedisConnectionException("still connecting to " + url);
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
    return new Opened(client, client.getPool()::clear);
  }

  private Opened cluster() {
    RedisClusterClient client =
        RedisClusterClient.builder()
            .nodes(new HashSet<>(url.hosts()))
            .clientConfig(clientConfig())
            .poolConfig(poolConfig())
            .maxAttempts(CLUSTER_ATTEMPTS)
            .maxTotalRetriesDuration(PATIENCE.multipliedBy(2))
            .build();
    return new Opened(client, () -> client.getClusterNodes().values().forEach(Pool::clear));
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
    return new Opened(
        client, () -> client.getPrimaryNodesConnectionMap().values().forEach(Pool::clear));
  }

  private JedisClientConfig clientConfig() {
    return transport()
        .user(url.user())
        .password(url.password())
        .database(url.database())
        .clientName("history")
        .build();
  }

  private DefaultJedisClientConfig.Builder transport() {
    DefaultJedisClientConfig.Builder config =
        // Each question while a connection is made can cost the patience again: as few as can be.
        DefaultJedisClientConfig.builder()
            .resp2()
            .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
            .connectionTimeoutMillis((int) PATIENCE.toMillis())
            .socketTimeoutMillis((int) PATIENCE.toMillis());
    if (url.tls()) {
      config.sslOptions(tls);
    }
    return config;
  }

  /** The pool's numbers are over JMX below {@code org.smg.history:type=RedisPool}. */
  private ConnectionPoolConfig poolConfig() {
    ConnectionPoolConfig config = new ConnectionPoolConfig();
    config.setMaxTotal(poolSize);
    config.setMaxIdle(poolSize);
    config.setMaxWait(PATIENCE);
    config.setJmxEnabled(true);
    config.setJmxNameBase("org.smg.history:type=RedisPool,name=");
    config.setJmxNamePrefix("pool");
    return config;
  }
}
