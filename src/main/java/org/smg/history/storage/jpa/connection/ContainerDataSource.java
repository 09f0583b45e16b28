package org.smg.history.storage.jpa.connection;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The container's data source. Whatever its pool or its driver raises instead of a connection
 * becomes an SQLException, so that it is not taken for a fault of this program. Its connections are
 * limited to the tenant for whom work is done.
 */
public final class ContainerDataSource implements DataSource {

  /** SQL's: the client is unable to establish a connection. */
  private static final String NO_CONNECTION = "08001";

  private final DataSource source;
  private final RowSecurity rowSecurity;
  private final BorrowedConnections borrowed;

  public ContainerDataSource(
      DataSource source, RowSecurity rowSecurity, BorrowedConnections borrowed) {
    this.source = source;
    this.rowSecurity = rowSecurity;
    this.borrowed = borrowed;
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      return limited(borrowed.counted(source::getConnection));
    } catch (RuntimeException failure) {
      throw noConnection(failure);
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    try {
      return limited(borrowed.counted(() -> source.getConnection(user, password)));
    } catch (RuntimeException failure) {
      throw noConnection(failure);
    }
  }

  private Connection limited(Connection connection) throws SQLException {
    try {
      return rowSecurity.limit(connection);
    } catch (SQLException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  /** Names the failure by its class only: its text could repeat what the driver was given. */
  private static SQLException noConnection(RuntimeException failure) {
    return new SQLTransientConnectionException(
        "The data source failed with " + failure.getClass().getName(), NO_CONNECTION, failure);
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return source.getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    source.setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    source.setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return source.getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return source.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return source.unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return source.isWrapperFor(type);
  }
}
