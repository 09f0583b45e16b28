package org.smg.history.storage.jpa;

import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.oracle.OracleLogin;

/**
 * The options of the container's data source for Oracle. The container uses them; it does not say
 * in one line what is wrong with a value, so they are checked here.
 */
final class OracleOptions {

  /** In seconds. */
  private static final int LONGEST_TIMEOUT = 3_600;

  static final Option<String> WALLET_PATH =
      Option.text("oracle-wallet-path", "").withAlias("ATP_WALLET_PATH");
  static final Option<String> TNS_ALIAS =
      Option.text("oracle-tns-alias", "").withAlias("ATP_TNS_ALIAS");
  static final Option<String> DSN = Option.text("oracle-dsn", "").withAlias("ATP_DSN");
  static final Option<String> USER = Option.text("oracle-user", "").withAlias("ATP_USER");
  static final Option<String> PASSWORD =
      Option.text("oracle-password", "").withAlias("ATP_PASSWORD").asSecret();
  static final Option<Boolean> EXTERNAL_AUTH =
      Option.flag("oracle-external-auth", false).withAlias("ATP_EXTERNAL_AUTH");
  static final Option<String> SCHEMA = Option.text("oracle-schema", "");
  static final Option<Integer> POOL_MIN =
      Option.number("oracle-pool-min", 1, 0, JpaBackends.LARGEST_POOL).withAlias("ATP_POOL_MIN");
  static final Option<Integer> POOL_MAX =
      Option.number("oracle-pool-max", 16, JpaBackends.SMALLEST_POOL, JpaBackends.LARGEST_POOL)
          .withAlias("ATP_POOL_MAX");
  static final Option<Integer> POOL_TIMEOUT_SECS =
      Option.number("oracle-pool-timeout-secs", 30, 1, LONGEST_TIMEOUT)
          .withAlias("ATP_POOL_TIMEOUT_SECS");

  private OracleOptions() {}

  /** Leaves what is wrong with the options, each for itself and together. */
  static void check(Options options) {
    int min = options.get(POOL_MIN);
    int max = options.get(POOL_MAX);
    if (min > max) {
      options.refuse(
          POOL_MIN, "'%d' is more than %s, which is %d".formatted(min, POOL_MAX.property(), max));
    }
    OracleLogin login =
        new OracleLogin(
            options.get(WALLET_PATH),
            options.get(TNS_ALIAS),
            options.get(DSN),
            options.get(USER),
            options.get(PASSWORD),
            options.get(EXTERNAL_AUTH),
            options.get(SCHEMA),
            options.get(POOL_TIMEOUT_SECS));
    login.faults().forEach(options::refuse);
  }
}
