package org.smg.history.storage.jpa;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.smg.history.config.Settings;
import org.smg.history.storage.Backend;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StoredIn;

/** The backends that are databases: one storage, told apart by their dialects. */
@ApplicationScoped
public class JpaBackends {

  @Produces
  @StoredIn(Backend.POSTGRES)
  Storage postgres(Settings settings) {
    return new JpaStorage(settings, new PostgresDialect());
  }

  @Produces
  @StoredIn(Backend.ORACLE)
  Storage oracle(Settings settings) {
    return new JpaStorage(settings, new OracleDialect());
  }
}
