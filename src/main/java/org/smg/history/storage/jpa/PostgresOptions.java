package org.smg.history.storage.jpa;

import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.postgres.PostgresUrl;

/**
 * The options of the container's data source for PostgreSQL. The container uses them; it does not
 * say in one line what is wrong with a value, so they are checked here.
 */
final class PostgresOptions {

  static final Option<String> DB_URL =
      Option.text("postgres-db-url", "").asSecret().withCheck(PostgresOptions::checkUrl);
  static final Option<Integer> POOL_MAX_SIZE =
      Option.number(
          "postgres-pool-max-size", 16, JpaBackends.SMALLEST_POOL, JpaBackends.LARGEST_POOL);

  private PostgresOptions() {}

  /** Leaves what is wrong with the options. */
  static void check(Options options) {
    options.get(DB_URL);
    options.get(POOL_MAX_SIZE);
  }

  private static void checkUrl(String url) {
    if (url.isEmpty()) {
      throw new IllegalArgumentException(
          "missing; set postgres://user:password@host:port/database");
    }
    PostgresUrl.parse(url);
  }
}
