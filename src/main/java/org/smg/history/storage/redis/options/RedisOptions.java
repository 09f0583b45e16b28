package org.smg.history.storage.redis.options;

import java.util.Optional;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.storage.redis.script.RedisUrl;

/**
 * @param url where Redis is
 * @param keyPrefix what the names of all keys begin with
 * @param poolMaxSize how many connections each Redis server is given at most
 */
public record RedisOptions(RedisUrl url, String keyPrefix, int poolMaxSize) {

  private static final int LARGEST_POOL = 10_000;

  /** Where neither this option nor the one for all backends is set. */
  static final int DEFAULT_RETENTION_DAYS = 30;

  static final Option<String> URL = Option.text("redis-url", "").asSecret().withCheck(RedisUrl::of);
  static final Option<String> KEY_PREFIX =
      Option.of("redis-key-prefix", "history", RedisOptions::keyPrefix);
  static final Option<Integer> POOL_MAX_SIZE =
      Option.number("redis-pool-max-size", 16, 1, LARGEST_POOL);
  static final Option<Optional<Integer>> RETENTION_DAYS =
      Option.optionalDays("redis-retention-days");

  /**
   * @throws org.smg.history.config.InvalidOptions if any option cannot be used
   */
  public static RedisOptions read(Options options) {
    String url = options.get(URL);
    String keyPrefix = options.get(KEY_PREFIX);
    int poolMaxSize = options.get(POOL_MAX_SIZE);
    // What it says comes with the horizon, but its fault is told with those of the others.
    options.get(RETENTION_DAYS);
    options.check();
    return new RedisOptions(RedisUrl.of(url), keyPrefix, poolMaxSize);
  }

  private static String keyPrefix(String text) {
    if (!text.matches("[A-Za-z0-9._:-]{1,64}")) {
      throw new IllegalArgumentException(
          "is not a prefix; allowed are 1 to 64 letters, digits and . _ : -");
    }
    return text;
  }
}
