package org.smg.history.storage.jpa;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.postgresql.ds.PGSimpleDataSource;

/** A real PostgreSQL on a free port of this machine. */
public final class PostgresServer implements AutoCloseable {

  public static final String PASSWORD = "never-to-be-told";

  private static final Duration START = Duration.ofSeconds(60);

  private final Map<String, String> settings;
  private final Path data;
  private int port;
  private EmbeddedPostgres server;

  /**
   * @param settings lines of postgresql.conf
   */
  public PostgresServer(Map<String, String> settings) throws IOException {
    this.settings = Map.copyOf(settings);
    Path folder = Files.createDirectories(Path.of("target", "postgres").toAbsolutePath());
    this.data = Files.createTempDirectory(folder, "data");
    start();
  }

  /** Starts the server, again if it was stopped or killed, with the same data and port. */
  public void start() throws IOException {
    Instant deadline = Instant.now().plus(START);
    while (server == null) {
      try {
        server = builder().start();
      } catch (IOException | IllegalStateException notYet) {
        // The processes of a killed server may not have ended yet.
        if (Instant.now().isAfter(deadline)) {
          throw notYet;
        }
      }
    }
    port = server.getPort();
  }

  private EmbeddedPostgres.Builder builder() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setOverrideWorkingDirectory(data.getParent().toFile())
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(START)
            .setServerConfig("max_connections", "200");
    if (port != 0) {
      builder.setPort(port);
    }
    settings.forEach(builder::setServerConfig);
    return builder;
  }

  /** Stops all processes of the server: connections stay open, and nothing is answered. */
  public void pause() throws IOException {
    signal("-STOP");
  }

  public void resume() throws IOException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException {
    ProcessHandle process = postmaster();
    List<String> command = new ArrayList<>(List.of("kill", signal, Long.toString(process.pid())));
    process.descendants().map(worker -> Long.toString(worker.pid())).forEach(command::add);
    try {
      new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ProcessHandle postmaster() throws IOException {
    List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
    return ProcessHandle.of(Long.parseLong(lines.get(0).strip())).orElseThrow();
  }

  /** Ends the server and all of its processes as kill -9 does. */
  public void kill() throws IOException {
    ProcessHandle process = postmaster();
    List<ProcessHandle> workers = process.descendants().toList();
    process.destroyForcibly();
    workers.forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
    close();
  }

  public int port() {
    return port;
  }

  /** The superuser's, with a password that the server ignores, but that no message may repeat. */
  public String url(String name) {
    return "postgres://postgres:%s@localhost:%d/%s".formatted(PASSWORD, port, name);
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

  /** The superuser's, with a pool of 32 connections. */
  public DataSource pool(String name) {
    return pool(name, 32);
  }

  /**
   * The superuser's, with a pool: the driver's own, which is good enough for tests. Whoever asks it
   * for a connection while all are in use waits without limit.
   */
  public DataSource pool(String name, int size) {
    return pool(name, size, "postgres");
  }

  /**
   * Makes an empty database with the users and tables that an administrator makes, and row
   * security. The servers connect to it as {@code history_app}.
   */
  public DataSource newSecuredDatabase(String name) throws SQLException, IOException {
    DataSource administrator = newDatabase(name);
    run(administrator, script("roles.sql"));
    run(administrator, "SET ROLE history_owner; " + numberedScripts());
    run(administrator, script("row-security.sql"));
    return administrator;
  }

  /** Those that make the schema, one after the other. */
  static String numberedScripts() throws IOException {
    return script("V1__history.sql")
        + script("V2__stored_bytes.sql")
        + script("V3__retention.sql")
        + script("V4__runs.sql");
  }

  static String script(String file) throws IOException {
    return Files.readString(Path.of("db-scripts", "postgres", file));
  }

  @SuppressWarnings("deprecation")
  DataSource pool(String name, int size, String user) {
    org.postgresql.ds.PGPoolingDataSource pool = new org.postgresql.ds.PGPoolingDataSource();
    pool.setServerNames(new String[] {"localhost"});
    pool.setPortNumbers(new int[] {port()});
    pool.setUser(user);
    pool.setDatabaseName(name);
    pool.setMaxConnections(size);
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

  /** A file of the server's own folder. */
  public Path file(String name) {
    return data.resolve(name);
  }

  /** Stops the server. */
  @Override
  public void close() throws IOException {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  /** Gives tests the one server that all tests of a run share. */
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
