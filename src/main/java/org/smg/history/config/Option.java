package org.smg.history.config;

import java.util.Optional;

/**
 * Every option that an administrator can set, by the name under which MicroProfile Config looks it
 * up; as an environment variable it is upper-cased, with {@code _} for {@code -}.
 */
public enum Option {
  /** Where history is kept: a {@code Backend} in lower case. */
  HISTORY_BACKEND("history-backend", "memory"),
  /** The size of the largest request body, in bytes. */
  HISTORY_MAX_BODY_BYTES("history-max-body-bytes", "33554432"),
  /** How many conversations the backend {@code memory} keeps; 0 is unlimited. */
  MEMORY_MAX_CONVERSATIONS("memory-max-conversations", "0"),
  /** Whether a start may bring an older schema up to date; an empty one it always makes. */
  HISTORY_AUTO_MIGRATE("history-auto-migrate", "false"),
  /** Where PostgreSQL is, as a URL with libpq's parameters or the driver's. */
  POSTGRES_DB_URL("postgres-db-url", ""),
  /** The size of the container's pool of connections to PostgreSQL. */
  POSTGRES_POOL_MAX_SIZE("postgres-pool-max-size", "16"),

  /** The folder of tnsnames.ora and the wallet. */
  ORACLE_WALLET_PATH("oracle-wallet-path", "", "ATP_WALLET_PATH"),
  /** A name in tnsnames.ora. */
  ORACLE_TNS_ALIAS("oracle-tns-alias", "", "ATP_TNS_ALIAS"),
  /** A connect descriptor, or host:port/service. */
  ORACLE_DSN("oracle-dsn", "", "ATP_DSN"),
  /** Who connects. */
  ORACLE_USER("oracle-user", "", "ATP_USER"),
  /** The user's password. */
  ORACLE_PASSWORD("oracle-password", "", "ATP_PASSWORD"),
  /** Whether the wallet says who connects. */
  ORACLE_EXTERNAL_AUTH("oracle-external-auth", "false", "ATP_EXTERNAL_AUTH"),
  /** How many connections to Oracle the container's pool keeps. */
  ORACLE_POOL_MIN("oracle-pool-min", "1", "ATP_POOL_MIN"),
  /** How many connections to Oracle the container's pool has at most. */
  ORACLE_POOL_MAX("oracle-pool-max", "16", "ATP_POOL_MAX"),
  /** How many seconds a request waits for a connection, and a connection for an answer. */
  ORACLE_POOL_TIMEOUT_SECS("oracle-pool-timeout-secs", "30", "ATP_POOL_TIMEOUT_SECS"),
  /** Whose tables are used, if not the user's. */
  ORACLE_SCHEMA("oracle-schema", ""),

  /** What the names of all keys in Redis begin with. */
  REDIS_KEY_PREFIX("redis-key-prefix", "history"),
  /** How many connections each Redis server is given at most. */
  REDIS_POOL_MAX_SIZE("redis-pool-max-size", "16"),
  /** How many days Redis keeps history; -1 is for ever. */
  REDIS_RETENTION_DAYS("redis-retention-days", "30"),
  /** Where Redis is. */
  REDIS_URL("redis-url", "");

  private final String property;
  private final String defaultValue;
  private final Optional<String> otherName;

  Option(String property, String defaultValue) {
    this(property, defaultValue, null);
  }

  /**
   * @param otherName of an environment variable that is looked at where the option is not set
   */
  Option(String property, String defaultValue, String otherName) {
    this.property = property;
    this.defaultValue = defaultValue;
    this.otherName = Optional.ofNullable(otherName);
  }

  public String property() {
    return property;
  }

  String defaultValue() {
    return defaultValue;
  }

  /** The environment variable that is looked at where the option is not set. */
  Optional<String> otherName() {
    return otherName;
  }
}
