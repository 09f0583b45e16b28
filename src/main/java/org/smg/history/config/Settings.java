package org.smg.history.config;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;
import org.smg.oracle.OracleLogin;
import org.smg.postgres.PostgresUrl;

/** What the administrator chose, read once and checked as a whole. */
@Dependent
public final class Settings {

  private static final int LARGEST_BODY = 1 << 30;
  private static final int LARGEST_POOL = 10_000;
  private static final int LONGEST_RETENTION = 36_500;

  /** In seconds. */
  private static final int LONGEST_TIMEOUT = 3_600;

  /** Making the schema takes two connections at once. */
  private static final int SMALLEST_POOL = 2;

  private final String backend;
  private final int maxBodyBytes;
  private final int memoryMaxConversations;
  private final boolean autoMigrate;

  private final String redisUrl;
  private final String redisKeyPrefix;
  private final int redisPoolMaxSize;
  private final int redisRetentionDays;

  /**
   * Reads from the server's environment, variables and system properties.
   *
   * @throws InvalidOption if any value cannot be used
   */
  @Inject
  public Settings() {
    this(name -> ConfigProvider.getConfig().getOptionalValue(name, String.class));
  }

  /**
   * Reads from the given source, which is asked by property name.
   *
   * @throws InvalidOption if any value cannot be used
   */
  public Settings(Function<String, Optional<String>> source) {
    backend = text(source, Option.HISTORY_BACKEND);
    maxBodyBytes = number(source, Option.HISTORY_MAX_BODY_BYTES, 1, LARGEST_BODY);
    memoryMaxConversations = number(source, Option.MEMORY_MAX_CONVERSATIONS, 0, Integer.MAX_VALUE);
    autoMigrate = flag(source, Option.HISTORY_AUTO_MIGRATE);
    if (backend.equals("postgres")) {
      checkPostgres(source);
    }
    if (backend.equals("oracle")) {
      checkOracle(source);
    }

    redisUrl = text(source, Option.REDIS_URL);
    redisKeyPrefix = keyPrefix(source);
    redisPoolMaxSize = number(source, Option.REDIS_POOL_MAX_SIZE, 1, LARGEST_POOL);
    redisRetentionDays = retentionDays(source);
  }

  /**
   * Where history is kept.
   *
   * @param choices the backends that there are
   * @throws InvalidOption if the value names none of them
   */
  public <E extends Enum<E>> E backend(Class<E> choices) {
    E[] constants = choices.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> word(constant).equals(backend))
        .findAny()
        .orElseThrow(
            () ->
                new InvalidOption(
                    Option.HISTORY_BACKEND,
                    "'%s' is not a backend of this version; allowed are %s"
                        .formatted(
                            backend,
                            Arrays.stream(constants)
                                .map(Settings::word)
                                .collect(Collectors.joining(", ")))));
  }

  /** The size of the largest request body, in bytes. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }

  /** How many conversations the backend {@code memory} keeps; 0 is unlimited. */
  public int memoryMaxConversations() {
    return memoryMaxConversations;
  }

  /** Whether a start may bring an older schema up to date. */
  public boolean autoMigrate() {
    return autoMigrate;
  }

  /** The container connects and pools; it does not say in one line what is wrong with a value. */
  private static void checkPostgres(Function<String, Optional<String>> source) {
    number(source, Option.POSTGRES_POOL_MAX_SIZE, SMALLEST_POOL, LARGEST_POOL);
    String url = text(source, Option.POSTGRES_DB_URL);
    if (url.isEmpty()) {
      throw new InvalidOption(
          Option.POSTGRES_DB_URL, "missing; set postgres://user:password@host:port/database");
    }
    try {
      PostgresUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw new InvalidOption(Option.POSTGRES_DB_URL, e.getMessage());
    }
  }

  private static void checkOracle(Function<String, Optional<String>> source) {
    int max = number(source, Option.ORACLE_POOL_MAX, SMALLEST_POOL, LARGEST_POOL);
    int min = number(source, Option.ORACLE_POOL_MIN, 0, LARGEST_POOL);
    if (min > max) {
      throw new InvalidOption(
          Option.ORACLE_POOL_MIN,
          "'%d' is more than %s, which is %d"
              .formatted(min, Option.ORACLE_POOL_MAX.property(), max));
    }
    OracleLogin login =
        new OracleLogin(
            text(source, Option.ORACLE_WALLET_PATH),
            text(source, Option.ORACLE_TNS_ALIAS),
            text(source, Option.ORACLE_DSN),
            text(source, Option.ORACLE_USER),
            text(source, Option.ORACLE_PASSWORD),
            flag(source, Option.ORACLE_EXTERNAL_AUTH),
            text(source, Option.ORACLE_SCHEMA),
            number(source, Option.ORACLE_POOL_TIMEOUT_SECS, 1, LONGEST_TIMEOUT));
    try {
      login.check();
    } catch (IllegalArgumentException e) {
      throw new InvalidOption(e.getMessage());
    }
  }

  private static boolean flag(Function<String, Optional<String>> source, Option option) {
    String value = text(source, option);
    if (!value.equals("true") && !value.equals("false")) {
      throw new InvalidOption(option, "'%s' is neither true nor false".formatted(value));
    }
    return value.equals("true");
  }

  /** Where Redis is, as it was given: it holds a password, and may be empty. */
  public String redisUrl() {
    return redisUrl;
  }

  /** What the names of all keys in Redis begin with. */
  public String redisKeyPrefix() {
    return redisKeyPrefix;
  }

  /** How many connections each Redis server is given at most. */
  public int redisPoolMaxSize() {
    return redisPoolMaxSize;
  }

  /** How many days Redis keeps history; -1 is for ever. */
  public int redisRetentionDays() {
    return redisRetentionDays;
  }

  private static String keyPrefix(Function<String, Optional<String>> source) {
    String prefix = text(source, Option.REDIS_KEY_PREFIX);
    if (!prefix.matches("[A-Za-z0-9._:-]{1,64}")) {
      throw new InvalidOption(
          Option.REDIS_KEY_PREFIX,
          "'%s' is not a prefix; allowed are 1 to 64 letters, digits and . _ : -"
              .formatted(prefix));
    }
    return prefix;
  }

  private static int retentionDays(Function<String, Optional<String>> source) {
    String value = text(source, Option.REDIS_RETENTION_DAYS);
    if (value.equals("-1")) {
      return -1;
    }
    try {
      return number(source, Option.REDIS_RETENTION_DAYS, 1, LONGEST_RETENTION);
    } catch (InvalidOption notANumber) {
      throw new InvalidOption(
          Option.REDIS_RETENTION_DAYS,
          "'%s' is neither a whole number of days from 1 to %d nor -1 for ever"
              .formatted(value, LONGEST_RETENTION));
    }
  }

  private static String text(Function<String, Optional<String>> source, Option option) {
    return source
        .apply(option.property())
        .or(() -> option.otherName().flatMap(source))
        .map(String::strip)
        .orElse(option.defaultValue());
  }

  private static int number(
      Function<String, Optional<String>> source, Option option, int min, int max) {
    String value = text(source, option);
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // Said below, like a number out of range.
    }
    throw new InvalidOption(
        option, "'%s' is not a whole number from %d to %d".formatted(value, min, max));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
