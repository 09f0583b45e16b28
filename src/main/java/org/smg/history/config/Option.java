package org.smg.history.config;

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

  Option(String property, String defaultValue) {
    this.property = property;
    this.defaultValue = defaultValue;
  }

  public String property() {
    return property;
  }

  String defaultValue() {
    return defaultValue;
  }
}
