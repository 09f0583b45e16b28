package org.smg.history.storage.jpa;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.logging.Logger;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.storage.Backend;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StoredIn;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.OracleDialect;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** Makes the storage of the SQL backends; only the dialects differ. */
@ApplicationScoped
public class JpaBackends {

  /** Making the schema takes two connections at once. */
  static final int SMALLEST_POOL = 2;

  static final int LARGEST_POOL = 10_000;

  /** Whether a start may bring an older schema up to date; an empty one it always makes. */
  static final Option<Boolean> AUTO_MIGRATE = Option.flag("history-auto-migrate", false);

  /** Whether the database itself keeps tenants apart. */
  static final Option<Boolean> ROW_SECURITY = Option.flag("history-row-security", false);

  private static final Logger LOG = Logger.getLogger(JpaBackends.class.getName());

  @Produces
  @StoredIn(Backend.POSTGRES)
  Storage postgres(Options options, ByteMeter meter, Horizon horizon) {
    PostgresOptions.check(options);
    return storage(options, new PostgresDialect(), meter, horizon);
  }

  @Produces
  @StoredIn(Backend.ORACLE)
  Storage oracle(Options options, ByteMeter meter, Horizon horizon) {
    OracleOptions.check(options);
    if (options.get(ROW_SECURITY)) {
      LOG.warning(
          "history-row-security: unproven on Oracle; its policies have not been run on a real one.");
    }
    return storage(options, new OracleDialect(), meter, horizon);
  }

  private static Storage storage(
      Options options, Dialect dialect, ByteMeter meter, Horizon horizon) {
    boolean autoMigrate = options.get(AUTO_MIGRATE);
    boolean rowSecurity = options.get(ROW_SECURITY);
    options.check();
    return new JpaStorage(autoMigrate, rowSecurity, dialect, meter, horizon);
  }
}
