package org.smg.oracle;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import oracle.jdbc.datasource.impl.OracleDataSource;
import org.smg.history.config.SecretFile;

/**
 * Connects to Oracle as an {@link OracleLogin} says; pooling is the container's. Properties are
 * texts, empty where nobody set them.
 */
public final class LoginDataSource implements DataSource {

  private String walletPath = "";
  private String tnsAlias = "";
  private String dsn = "";
  private String user = "";
  private String password = "";
  private String filePassword = "";
  private String externalAuth = "false";
  private String schema = "";
  private String timeoutSecs = "30";
  private String connectionProperties = "";

  /** The folder of tnsnames.ora and the wallet. */
  public void setWalletPath(String path) {
    walletPath = path.strip();
  }

  /** A name in tnsnames.ora. */
  public void setTnsAlias(String alias) {
    tnsAlias = alias.strip();
  }

  /** A connect descriptor, or host:port/service. */
  public void setDsn(String descriptor) {
    dsn = descriptor.strip();
  }

  public void setUser(String name) {
    user = name.strip();
  }

  public void setPassword(String secret) {
    password = secret.strip();
  }

  /**
   * @param file holds the password
   * @throws SQLException if the file cannot be used; the message says why
   */
  public void setPasswordFile(String file) throws SQLException {
    if (!file.isBlank()) {
      try {
        filePassword = SecretFile.read(file.strip());
      } catch (IllegalArgumentException e) {
        throw new SQLException("oracle-password: " + e.getMessage());
      }
    }
  }

  /** {@code true} to log in with the wallet's credential in place of user and password. */
  public void setExternalAuth(String external) {
    externalAuth = external.strip();
  }

  /** The schema whose tables are used; the user's own if empty. */
  public void setSchema(String name) {
    schema = name.strip();
  }

  /** Seconds that connecting, logging in and each answer may take. */
  public void setTimeoutSecs(String seconds) {
    timeoutSecs = seconds.strip();
  }

  /** Properties of the driver, which override all others: {@code name=value;name=value}. */
  public void setConnectionProperties(String properties) {
    connectionProperties = properties.strip();
  }

  @Override
  public Connection getConnection() throws SQLException {
    return getConnection("", "");
  }

  @Override
  public Connection getConnection(String givenUser, String givenPassword) throws SQLException {
    // GlassFish passes an empty user where its pool has none.
    boolean own = givenUser == null || givenUser.isEmpty();
    OracleLogin login = login(own ? user : givenUser, own ? ownPassword() : givenPassword);
    OracleDataSource driver = new OracleDataSource();
    driver.setURL(login.url());
    driver.setConnectionProperties(properties(login));
    if (!login.externalAuth()) {
      driver.setUser(login.user());
      driver.setPassword(login.password());
    }
    Connection connection = driver.getConnection();
    try (Statement statement = connection.createStatement()) {
      // Whatever the server has as a default.
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      for (String sql : login.session()) {
        statement.execute(sql);
      }
      return connection;
    } catch (SQLException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  private String ownPassword() {
    return filePassword.isEmpty() ? password : filePassword;
  }

  private OracleLogin login(String givenUser, String givenPassword) throws SQLException {
    OracleLogin login;
    try {
      login =
          new OracleLogin(
              walletPath,
              tnsAlias,
              dsn,
              givenUser == null ? "" : givenUser,
              givenPassword == null ? "" : givenPassword,
              Boolean.parseBoolean(externalAuth),
              schema,
              Integer.parseInt(timeoutSecs));
    } catch (NumberFormatException notANumber) {
      throw new SQLException("timeoutSecs: '" + timeoutSecs + "' is not a whole number");
    }
    List<String> faults = login.faults();
    if (!faults.isEmpty()) {
      throw new SQLException(String.join("; ", faults));
    }
    return login;
  }

  private Properties properties(OracleLogin login) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(login.properties());
    int number = 0;
    for (String property : connectionProperties.split(";")) {
      number++;
      int equals = property.indexOf('=');
      if (equals > 0) {
        properties.put(
            property.substring(0, equals).strip(), property.substring(equals + 1).strip());
      } else if (!property.isBlank()) {
        // Not repeated: it could be the rest of a password that contains a semicolon.
        throw new SQLException(
            "connectionProperties: property %d is not of the form name=value".formatted(number));
      }
    }
    return properties;
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  /** The driver logs by java.util.logging alone. */
  @Override
  public void setLogWriter(PrintWriter out) {}

  /** Ignored: containers pass their own default, and the timeout is a property. */
  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("oracle.jdbc");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new SQLException("Not a " + type.getName());
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type.isInstance(this);
  }
}
