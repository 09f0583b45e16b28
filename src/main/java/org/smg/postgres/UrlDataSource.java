package org.smg.postgres;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.smg.history.config.SecretFile;

/**
 * Connects to PostgreSQL under a {@link PostgresUrl}; pooling is the container's. To be configured
 * by one of its properties, {@code url} and {@code urlFile}; a container may pass an empty text for
 * the other one.
 */
public final class UrlDataSource implements DataSource {

  private final PGSimpleDataSource driver = new PGSimpleDataSource();
  private boolean configured;

  /**
   * @param url may hold a password, and therefore cannot be read back
   * @throws SQLException if the URL cannot be used; the message says why, without the URL
   */
  public void setUrl(String url) throws SQLException {
    if (!url.isBlank()) {
      configure(url);
    }
  }

  /**
   * @param file holds the URL
   * @throws SQLException if the file or the URL cannot be used; the message says why, without the
   *     URL
   */
  public void setUrlFile(String file) throws SQLException {
    if (!file.isBlank()) {
      try {
        configure(SecretFile.read(file.strip()));
      } catch (IllegalArgumentException e) {
        throw new SQLException("postgres-db-url: " + e.getMessage());
      }
    }
  }

  private void configure(String url) throws SQLException {
    PostgresUrl parsed;
    try {
      parsed = PostgresUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw new SQLException("postgres-db-url: " + e.getMessage());
    }
    driver.setServerNames(parsed.hosts().toArray(String[]::new));
    driver.setPortNumbers(parsed.ports().stream().mapToInt(Integer::intValue).toArray());
    if (parsed.user() != null) {
      driver.setUser(parsed.user());
      driver.setPassword(parsed.password());
    }
    if (parsed.database() != null) {
      driver.setDatabaseName(parsed.database());
    }
    for (Map.Entry<String, String> property : parsed.properties().entrySet()) {
      driver.setProperty(property.getKey(), property.getValue());
    }
    configured = true;
  }

  @Override
  public Connection getConnection() throws SQLException {
    checkConfigured();
    return readCommitted(driver.getConnection());
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    checkConfigured();
    // GlassFish passes an empty user where its pool has none.
    return user == null || user.isEmpty()
        ? getConnection()
        : readCommitted(driver.getConnection(user, password));
  }

  /** Whatever the server, the database or the user has as a default. */
  private static Connection readCommitted(Connection connection) throws SQLException {
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      return connection;
    } catch (SQLException failure) {
      connection.close();
      throw failure;
    }
  }

  private void checkConfigured() throws SQLException {
    if (!configured) {
      throw new SQLException("Neither the property url nor urlFile is set");
    }
  }

  @Override
  public PrintWriter getLogWriter() {
    return driver.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    driver.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // Containers pass zero for their default, which must not replace the URL's timeout.
    if (seconds > 0) {
      driver.setLoginTimeout(seconds);
    }
  }

  @Override
  public int getLoginTimeout() {
    return driver.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("org.postgresql");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    return driver.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return type.isInstance(this) || driver.isWrapperFor(type);
  }
}
