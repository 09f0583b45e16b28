package org.smg.history.storage.jpa;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL on a free port of this machine. */
public final class PostgresServer implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;

  /**
   * @param settings lines of postgresql.conf
   */
  public PostgresServer(Map<String, String> settings) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "postgres").toAbsolutePath());
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(folder.toFile())
            .setPGStartupWait(START)
            .setServerConfig("max_connections", "200");
    settings.forEach(builder::setServerConfig);
    this.server = builder.start();
  }

  public int port() {
    return server.getPort();
  }

  /** The superuser's, without a pool. */
  public DataSource database(String name) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"localhost"});
    dataSource.setPortNumbers(new int[] {port()});
    dataSource.setUser("postgres");
    dataSource.setDatabaseName(name);
    return dataSource;
  }

  /**
   * The superuser's, with a pool: the driver's own, which nobody should use for more than tests.
   */
  @SuppressWarnings("deprecation")
  public DataSource pool(String name) {
    org.postgresql.ds.PGPoolingDataSource pool = new org.postgresql.ds.PGPoolingDataSource();
    pool.setServerNames(new String[] {"localhost"});
    pool.setPortNumbers(new int[] {port()});
    pool.setUser("postgres");
    pool.setDatabaseName(name);
    pool.setMaxConnections(32);
    return pool;
  }

  /** Makes an empty database. */
  public DataSource newDatabase(String name) throws SQLException {
    run(database("postgres"), "CREATE DATABASE " + name);
    return database(name);
  }

  public static void run(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** Hands the one server that the tests of a run share to whoever asks for it. */
  public static final class Shared implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == PostgresServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(PostgresServer.class))
          .computeIfAbsent(PostgresServer.class, type -> started(), PostgresServer.class);
    }

    private static PostgresServer started() {
      try {
        return new PostgresServer(Map.of());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
