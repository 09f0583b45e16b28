package org.smg.history.storage.jpa;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.smg.history.config.Settings;
import org.smg.history.storage.Backend;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StoredIn;
import org.smg.history.storage.jpa.dialect.OracleDialect;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** Makes the storage of the SQL backends; only the dialects differ. */
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
