package org.smg.history.wartests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.smg.history.FreePort;

/**
 * A GlassFish domain of its own that runs the built WAR, set up by the commands that the README
 * names. All ports that can be configured are free ones of the loopback interface.
 */
public final class GlassFishServer implements ApplicationServer {

  /** A first start, which fills the server's caches, on a busy machine with two cores. */
  private static final Duration START = Duration.ofSeconds(90);

  private static final Duration STOP = Duration.ofSeconds(60);

  private final Path home;
  private final Path domain;
  private final int port;
  private final int adminPort;
  private Process process;

  private GlassFishServer(Path home, Path domain, int port, int adminPort) {
    this.home = home;
    this.domain = domain;
    this.port = port;
    this.adminPort = adminPort;
  }

  /**
   * Makes a domain, starts it, deploys the WAR and waits until it answers.
   *
   * @param home where the server is installed
   * @param options by the names of their environment variables; the server gets them as system
   *     properties
   * @param users of the realm {@code file}, which is the default
   */
  static GlassFishServer start(
      Path home, String name, Map<String, String> options, List<RealmUser> users) {
    return start(home, name, options, users, "");
  }

  /**
   * The same, with the application somewhere else than at the server's root.
   *
   * @param root the context root, with a slash in front
   */
  static GlassFishServer start(
      Path home, String name, Map<String, String> options, List<RealmUser> users, String root) {
    List<String> commands = new ArrayList<>();
    for (RealmUser user : users) {
      commands.add(
          "create-file-user --groups %s %s"
              .formatted(String.join(":", user.groups()), user.name()));
    }
    commands.add(
        "deploy %s%s"
            .formatted(
                root.isEmpty() ? "" : "--contextroot " + root + " ",
                Path.of(System.getProperty("war")).toAbsolutePath()));
    GlassFishServer server = startAndSetUp(home, name, options, commands);
    try {
      server.await("the application does not answer", () -> server.answers(root));
    } catch (RuntimeException | Error e) {
      server.kill();
      throw e;
    }
    return server;
  }

  /**
   * Makes a domain and starts it with the data source that the options need, but without the WAR.
   */
  public static GlassFishServer startEmpty(Path home, String name, Map<String, String> options) {
    return startAndSetUp(home, name, options, List.of());
  }

  private static GlassFishServer startAndSetUp(
      Path home, String name, Map<String, String> options, List<String> further) {
    Path domain = Path.of(System.getProperty("work")).toAbsolutePath().resolve(name);
    try {
      Folders.empty(domain);
      Folders.copy(home.resolve("glassfish/domains/domain1"), domain);
      copyDrivers(domain.resolve("lib"));
      GlassFishServer server = new GlassFishServer(home, domain, FreePort.find(), FreePort.find());
      server.configure(options);
      server.run();
      try {
        server.await("it did not start", () -> server.log().contains("startup time"));
        List<String> commands = new ArrayList<>(dataSource(options));
        commands.addAll(hardening("set "));
        commands.addAll(further);
        server.administer(commands);
      } catch (RuntimeException | Error e) {
        server.kill();
        throw e;
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copyDrivers(Path lib) throws IOException {
    Path drivers = Path.of(System.getProperty("liberty.drivers"), "postgres");
    try (Stream<Path> inside = Files.list(drivers)) {
      for (Path driver : inside.toList()) {
        Files.copy(driver, lib.resolve(driver.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path dataSource = Path.of(System.getProperty("postgres.jar"));
    Files.copy(
        dataSource, lib.resolve(dataSource.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Turns the shipped domain into one that nobody reaches from elsewhere. */
  private void configure(Map<String, String> options) throws IOException {
    Path file = domain.resolve("config/domain.xml");
    String all = Files.readString(file);
    // What follows is a template for further servers.
    int end = all.indexOf("<config name=\"default-config\"");
    String config =
        all.substring(0, end)
            .replace("0.0.0.0", "127.0.0.1")
            .replace("<jmx-connector ", "<jmx-connector enabled=\"false\" ")
            .replace("http-listener-1,http-listener-2", "http-listener-1")
            .replaceAll("<network-listener port=\"8181\".*?</network-listener>", "")
            .replace("port=\"8080\"", "address=\"127.0.0.1\" port=\"%d\"".formatted(port))
            .replace("port=\"4848\"", "address=\"127.0.0.1\" port=\"%d\"".formatted(adminPort));
    for (String fixed : List.of("3700", "3820", "3920", "6666", "7676", "8686")) {
      config =
          // The whole number: 3700 must not be taken for the beginning of a free port 37001.
          config.replaceAll(
              "(?<before>port=\"?|value=\")%s\\b".formatted(fixed), "${before}" + FreePort.find());
    }
    StringBuilder properties = new StringBuilder();
    options.forEach(
        (variable, value) ->
            properties.append(
                "<system-property name=\"%s\" value=\"%s\"/>"
                    .formatted(
                        variable.toLowerCase(Locale.ROOT).replace('_', '-'),
                        value.replace("&", "&amp;"))));
    String begin = "<config name=\"server-config\">";
    config = config.replace(begin, begin + properties);
    List<String> jvm = new ArrayList<>(List.of(System.getProperty("server.jvm")));
    hardening("create-jvm-options ")
        .forEach(command -> jvm.add(command.substring(command.indexOf(' ') + 1)));
    for (String option : jvm) {
      config =
          config.replaceFirst(
              "<jvm-options>", "<jvm-options>" + option + "</jvm-options><jvm-options>");
    }
    Files.writeString(file, config + all.substring(end));
  }

  private void run() throws IOException {
    process =
        asadmin(
            "console.log",
            List.of(
                "start-domain",
                "--verbose",
                "--domaindir",
                domain.getParent().toString(),
                domain.getFileName().toString()));
    // Nobody closes a server when the build is interrupted.
    Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
  }

  private static List<String> dataSource(Map<String, String> options) throws IOException {
    return "postgres".equals(options.get("HISTORY_BACKEND"))
        ? Files.readAllLines(Path.of(System.getProperty("glassfish.config"), "postgres.asadmin"))
        : List.of();
  }

  /** Those of the documented commands that begin like this. Options of the JVM need a restart. */
  private static List<String> hardening(String begin) throws IOException {
    Path file = Path.of(System.getProperty("glassfish.config"), "hardening.asadmin");
    return Files.readAllLines(file).stream().filter(line -> line.startsWith(begin)).toList();
  }

  private void administer(List<String> commands) throws IOException {
    Path file = Files.write(domain.resolve("commands"), commands);
    Path passwords =
        Files.writeString(
            domain.resolve("passwords"), "AS_ADMIN_USERPASSWORD=" + RealmUser.PASSWORD + "\n");
    Process administration =
        asadmin(
            "commands.log",
            List.of(
                "--port",
                Integer.toString(adminPort),
                "--passwordfile",
                passwords.toString(),
                "multimode",
                "--file",
                file.toString()));
    boolean ended = exits(administration, START);
    administration.destroyForcibly();
    String answers = read("commands.log");
    boolean done =
        commands.stream()
            .map(command -> command.split(" ")[0])
            .allMatch(name -> answers.contains("Command " + name + " executed successfully"));
    if (!ended || !done) {
      throw new AssertionError(this + ": it could not be set up" + System.lineSeparator() + log());
    }
  }

  private Process asadmin(String log, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/asadmin").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> variables = builder.environment();
    variables.keySet().retainAll(LibertyServer.INHERITED);
    variables.put("AS_JAVA", System.getProperty("java.home"));
    return builder
        .redirectErrorStream(true)
        .redirectOutput(domain.resolve("logs").resolve(log).toFile())
        .start();
  }

  /** The port that {@code asadmin} connects to. */
  public int adminPort() {
    return adminPort;
  }

  @Override
  public String baseUrl() {
    return "http://localhost:" + port;
  }

  @Override
  public Http http() {
    return new Http(port);
  }

  @Override
  public String log() {
    return read("console.log") + read("commands.log");
  }

  private String read(String logFile) {
    Path file = domain.resolve("logs").resolve(logFile);
    try {
      return Files.exists(file) ? new String(Files.readAllBytes(file)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // The server is a child of the command that started it, and both end together.
    process.descendants().forEach(ProcessHandle::destroy);
    if (!exits(process, STOP)) {
      kill();
      throw new AssertionError(this + " did not stop within " + STOP + log());
    }
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** The name, which tells the runs of one test class apart. */
  @Override
  public String toString() {
    return domain.getFileName().toString();
  }

  private boolean answers(String root) {
    try {
      // It answers 401 where it wants an API key.
      return List.of(200, 401).contains(http().get(root + "/v1/conversations?limit=1").status());
    } catch (UncheckedIOException notListening) {
      return false;
    }
  }

  private void await(String fault, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(START);
    while (!condition.getAsBoolean()) {
      if (exits(process, Duration.ofMillis(200)) || Instant.now().isAfter(deadline)) {
        throw new AssertionError("%s: %s%n%s".formatted(this, fault, log()));
      }
    }
  }

  private static boolean exits(Process process, Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
