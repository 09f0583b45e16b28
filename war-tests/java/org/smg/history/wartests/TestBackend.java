package org.smg.history.wartests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.smg.history.storage.jpa.PostgresServer;
import org.smg.history.storage.redis.TestRedis;

/** The backends that the WAR is tested with, and how a server is told to use them. */
public enum TestBackend {
  MEMORY,
  NONE,
  POSTGRES {
    @Override
    Map<String, String> environment() {
      try {
        PostgresServer database = new PostgresServer(Map.of());
        database.newDatabase("history");
        return Map.of("POSTGRES_DB_URL", database.url("history"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  },
  /** PostgreSQL with row security, as a user who neither owns the tables nor bypasses policies. */
  POSTGRES_ROW_SECURITY {
    @Override
    Map<String, String> environment() {
      try {
        PostgresServer database = new PostgresServer(Map.of());
        database.newSecuredDatabase("history");
        return Map.of(
            "HISTORY_BACKEND",
            "postgres",
            "HISTORY_ROW_SECURITY",
            "true",
            "POSTGRES_DB_URL",
            database.url("history").replace("postgres:" + PostgresServer.PASSWORD, "history_app"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  },
  REDIS {
    @Override
    Map<String, String> environment() {
      return Map.of("REDIS_URL", TestRedis.start().url());
    }
  };

  ApplicationServer start() {
    return TestServer.chosen().start(name().toLowerCase(Locale.ROOT), options());
  }

  /**
   * The application's options for this backend, by the names of their environment variables. Starts
   * what the backend keeps history in, until this process ends.
   */
  public Map<String, String> options() {
    Map<String, String> options = new TreeMap<>(environment());
    options.putIfAbsent("HISTORY_BACKEND", name().toLowerCase(Locale.ROOT));
    return options;
  }

  /** Starts what the backend keeps history in, until this process ends, and says where it is. */
  Map<String, String> environment() {
    return Map.of();
  }
}
