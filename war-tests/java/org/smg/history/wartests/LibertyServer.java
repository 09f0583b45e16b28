package org.smg.history.wartests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.smg.history.FreePort;

/**
 * An Open Liberty of its own that runs the built WAR under the shipped configuration, on a free
 * port of the loopback interface. What a test does not say, it does not inherit either: of this
 * process's environment only the paths are handed on.
 *
 * <p>Clients with open connections have to be closed before the server is stopped, which otherwise
 * waits for them.
 */
public final class LibertyServer implements ApplicationServer {

  /** A cold start on a busy machine with two cores. */
  private static final Duration START = Duration.ofMinutes(3);

  private static final Duration STOP = Duration.ofSeconds(60);

  static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "TMPDIR");

  private final String name;
  private final Path users;
  private final int port;
  private final Map<String, String> environment;
  private Process process;

  private LibertyServer(String name, Path users, int port, Map<String, String> environment) {
    this.name = name;
    this.users = users;
    this.port = port;
    this.environment = environment;
  }

  /** Begins a server; it has a folder of its own, which is emptied if it is there. */
  public static Setup named(String name) {
    return new Setup(name);
  }

  /** What a server is made of beside the WAR and the shipped configuration. */
  public static final class Setup {

    private final String name;
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, byte[]> files = new TreeMap<>();

    private Setup(String name) {
      this.name = name;
    }

    public Setup environment(Map<String, String> variables) {
      environment.putAll(variables);
      return this;
    }

    /** Adds configuration that goes before the shipped one. */
    public Setup override(String fileName, String serverXml) {
      return file("configDropins/overrides/" + fileName, serverXml.getBytes());
    }

    /** Adds a registry of users, and the feature that makes applications ask for it. */
    Setup realm(List<RealmUser> users) {
      StringBuilder xml =
          new StringBuilder(
              "<server><featureManager><feature>appSecurity-5.0</feature></featureManager>"
                  + "<basicRegistry id=\"basic\" realm=\"test\">");
      for (RealmUser user : users) {
        xml.append(
            "<user name=\"%s\" password=\"%s\"/>".formatted(user.name(), RealmUser.PASSWORD));
      }
      users.stream()
          .flatMap(user -> user.groups().stream())
          .distinct()
          .forEach(
              group -> {
                xml.append("<group name=\"%s\">".formatted(group));
                users.stream()
                    .filter(user -> user.groups().contains(group))
                    .forEach(user -> xml.append("<member name=\"%s\"/>".formatted(user.name())));
                xml.append("</group>");
              });
      return override("realm.xml", xml.append("</basicRegistry></server>").toString());
    }

    /**
     * Adds a file.
     *
     * @param path below the server's own folder
     */
    public Setup file(String path, byte[] content) {
      files.put(path, content);
      return this;
    }

    /** Makes the server without starting it. */
    LibertyServer make() {
      Path users = write();
      return new LibertyServer(name, users, FreePort.find(), Map.copyOf(environment));
    }

    /**
     * Writes the server's files, for somebody else to start it.
     *
     * @return the folder to be named by {@code WLP_USER_DIR}
     */
    public Path write() {
      Path users = Path.of(System.getProperty("work")).toAbsolutePath().resolve(name);
      Path server = users.resolve("servers").resolve(name);
      try {
        Folders.empty(users);
        Folders.copy(Path.of(System.getProperty("liberty.config")), server);
        Folders.copy(Path.of(System.getProperty("liberty.drivers")), server.resolve("drivers"));
        for (String database : List.of("oracle", "postgres")) {
          Path jar = Path.of(System.getProperty(database + ".jar"));
          Files.copy(jar, server.resolve("drivers").resolve(database).resolve(jar.getFileName()));
        }
        Path war = Path.of(System.getProperty("war"));
        Files.createDirectories(server.resolve("apps"));
        Files.copy(war, server.resolve("apps").resolve(war.getFileName()));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
          Path target = server.resolve(file.getKey());
          Files.createDirectories(target.getParent());
          Files.write(target, file.getValue());
        }
        return users;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Makes the server, starts it and waits until it is ready. */
    public LibertyServer start() {
      LibertyServer server = make();
      server.start();
      return server;
    }
  }

  /** Starts the server, for the first time or again, and waits until it is ready. */
  public void start() {
    launch();
    try {
      // Liberty logs a warning when it is asked for readiness before the application has started.
      await("the application has not started", () -> read("console.log").contains("CWWKZ0001I"));
      await("the server is not ready", this::ready);
    } catch (RuntimeException | Error e) {
      kill();
      throw e;
    }
  }

  /** Starts the server without waiting for anything. The log of an earlier run is dropped. */
  void launch() {
    ProcessBuilder command = command("run");
    try {
      Folders.empty(folder().resolve("logs"));
      Files.createDirectories(folder().resolve("logs"));
      process =
          command
              .redirectErrorStream(true)
              .redirectOutput(folder().resolve("logs/console.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Nobody closes a server when the build is interrupted.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  private ProcessBuilder command(String verb) {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("liberty.home"), "bin", "server").toString(), verb, name);
    Map<String, String> variables = command.environment();
    variables.keySet().retainAll(INHERITED);
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("WLP_USER_DIR", users.toString());
    variables.put("HTTP_PORT", Integer.toString(port));
    variables.put("JVM_ARGS", System.getProperty("server.jvm"));
    variables.putAll(environment);
    return command;
  }

  /** Has the server stopped by its own command, and gives its exit status. */
  int stopByCommand() throws IOException {
    command("stop").inheritIO().start();
    awaitExit();
    return process.exitValue();
  }

  @Override
  public String baseUrl() {
    return "http://localhost:" + port;
  }

  @Override
  public Http http() {
    return new Http(port);
  }

  /** The process, for the tools of the JDK. */
  public long pid() {
    return process.pid();
  }

  boolean running() {
    return process != null && process.isAlive();
  }

  @Override
  public String log() {
    return read("console.log") + read("messages.log");
  }

  /** One of the server's logs by its file name; empty if there is none. */
  String read(String logFile) {
    Path file = folder().resolve("logs").resolve(logFile);
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the log holds a line that matches; for starts that are to be refused. */
  void awaitLogged(String regex) {
    await(
        "no line of the log matches " + regex,
        () -> log().lines().anyMatch(line -> line.matches(regex)));
  }

  /** Waits until one of the server's logs holds a line that matches. */
  void awaitLogged(String logFile, String regex) {
    await(
        "no line of " + logFile + " matches " + regex,
        () -> read(logFile).lines().anyMatch(line -> line.matches(regex)));
  }

  /** Waits until the server has ended by itself, and gives its exit status. */
  int awaitEnd() {
    if (!exits(START)) {
      kill();
      throw new AssertionError(name + " lives on" + System.lineSeparator() + log());
    }
    return process.exitValue();
  }

  /** Ends the server as a power failure would. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Stops the server as an administrator would. */
  void stop() {
    process.destroy();
    awaitExit();
  }

  @Override
  public void close() {
    if (running()) {
      stop();
    }
  }

  /** The name, which tells the runs of one test class apart. */
  @Override
  public String toString() {
    return name;
  }

  private boolean ready() {
    try {
      return http().get("/health/ready").status() == 200;
    } catch (UncheckedIOException notListening) {
      return false;
    }
  }

  private void await(String fault, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(START);
    while (!condition.getAsBoolean()) {
      boolean ended = exits(Duration.ofMillis(100));
      if (ended && condition.getAsBoolean()) {
        return;
      }
      if (ended || Instant.now().isAfter(deadline)) {
        throw new AssertionError(
            "%s: %s%s%n%s"
                .formatted(
                    name, fault, ended ? ", and it ended with " + process.exitValue() : "", log()));
      }
    }
  }

  private void awaitExit() {
    if (!exits(STOP)) {
      process.destroyForcibly();
      throw new AssertionError(
          name + " did not stop within " + STOP + System.lineSeparator() + log());
    }
  }

  private boolean exits(Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The server's own folder. */
  Path folder() {
    return users.resolve("servers").resolve(name);
  }
}
