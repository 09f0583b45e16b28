package org.smg.history.wartests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An Open Liberty of its own that runs the built WAR under the shipped configuration, on a free
 * port of the loopback interface.
 */
public final class LibertyServer implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofSeconds(60);

  private final Process process;
  private final int port;

  private LibertyServer(Process process, int port) {
    this.process = process;
    this.port = port;
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

    /**
     * Adds a file.
     *
     * @param path below the server's own folder
     */
    public Setup file(String path, byte[] content) {
      files.put(path, content);
      return this;
    }

    /** Makes the server, starts it and waits until it is ready. */
    public LibertyServer start() {
      Path users = Path.of(System.getProperty("work")).toAbsolutePath().resolve(name);
      Path server = users.resolve("servers").resolve(name);
      try {
        empty(users);
        Files.createDirectories(server.resolve("apps"));
        copy("liberty.config", "server.xml", server);
        copy("war", "", server.resolve("apps/history.war"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
          Path target = server.resolve(file.getKey());
          Files.createDirectories(target.getParent());
          Files.write(target, file.getValue());
        }
        int port = freePort();
        ProcessBuilder command =
            new ProcessBuilder(
                Path.of(System.getProperty("liberty.home"), "bin", "server").toString(),
                "run",
                name);
        Map<String, String> variables = command.environment();
        variables.put("JAVA_HOME", System.getProperty("java.home"));
        variables.put("WLP_USER_DIR", users.toString());
        variables.put("HTTP_PORT", Integer.toString(port));
        variables.putAll(environment);
        Path log = server.resolve("console.log");
        command.redirectErrorStream(true).redirectOutput(log.toFile());
        LibertyServer started = new LibertyServer(command.start(), port);
        started.awaitReady(log);
        return started;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public int port() {
    return port;
  }

  private void awaitReady(Path log) throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!ready()) {
      if (exits(Duration.ofMillis(200)) || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException("the server is not ready:\n" + Files.readString(log));
      }
    }
  }

  private boolean ready() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://localhost:" + port + "/health/ready").toURL().openConnection();
      return connection.getResponseCode() == 200;
    } catch (IOException notListening) {
      return false;
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

  @Override
  public void close() {
    process.destroy();
    if (!exits(STOP)) {
      process.destroyForcibly();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void copy(String property, String name, Path to) throws IOException {
    Path from = Path.of(System.getProperty(property)).resolve(name);
    Files.copy(from, Files.isDirectory(to) ? to.resolve(name) : to);
  }

  private static void empty(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> inside = Files.walk(folder)) {
        for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
