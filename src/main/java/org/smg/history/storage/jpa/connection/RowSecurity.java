package org.smg.history.storage.jpa.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.smg.history.storage.jpa.dialect.Dialect;

/**
 * Tells the database for which tenant a unit of work is done, so that it shows no rows of others,
 * whatever the statements ask for. The tenant goes with the thread, because the persistence
 * provider takes its connections by itself.
 */
public final class RowSecurity {

  /** Tenants that are known to be in the table of tenants, before they are forgotten. */
  private static final int REMEMBERED = 10_000;

  private final Dialect dialect;
  private final boolean on;
  private final ThreadLocal<String> tenant = new ThreadLocal<>();
  private final Set<String> registered = ConcurrentHashMap.newKeySet();

  public RowSecurity(Dialect dialect, boolean on) {
    this.dialect = dialect;
    this.on = on;
  }

  /** Does work on connections that see this tenant alone, or none if it is null. */
  public <T> T within(String name, Supplier<T> work) {
    tenant.set(name);
    try {
      return work.get();
    } finally {
      tenant.remove();
    }
  }

  /** The connection, limited to the tenant of the work; outside of any, it sees no rows. */
  public Connection limit(Connection connection) throws SQLException {
    return on ? dialect.limit(connection, tenant.get()) : connection;
  }

  /**
   * Notes the tenant in the table of tenants, so that jobs can go from one to the next. That is a
   * round trip for each tenant and server, not for each write.
   */
  public void register(Connection connection, String name) throws SQLException {
    if (on && !registered.contains(name)) {
      dialect.addTenant(connection, name);
      if (registered.size() >= REMEMBERED) {
        registered.clear();
      }
      registered.add(name);
    }
  }
}
