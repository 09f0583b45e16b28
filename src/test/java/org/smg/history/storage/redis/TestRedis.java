package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.smg.history.FreePort;
import org.smg.history.config.Options;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.redis.options.RedisOptions;
import org.smg.history.storage.redis.period.RetentionPeriod;
import org.smg.history.storage.redis.period.RetentionRule;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/**
 * A real Redis on a free port of the loopback address. It has a directory of its own below {@code
 * target} and persists nothing unless its configuration says so.
 */
public final class TestRedis implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final int port;
  private final Path directory;
  private final List<String> command;
  private Process process;

  private TestRedis(int port, Path directory, List<String> command) {
    this.port = port;
    this.directory = directory;
    this.command = command;
  }

  /** Starts a server with further lines of its configuration. */
  public static TestRedis start(String... configuration) {
    return startOn(FreePort.find(), configuration);
  }

  static TestRedis startOn(int port, String... configuration) {
    TestRedis redis = make(port, List.of("port " + port, "save \"\""), List.of(configuration));
    redis.restart();
    return redis;
  }

  static TestRedis startSentinel(String... configuration) {
    int port = FreePort.find();
    TestRedis redis = make(port, List.of("port " + port), List.of(configuration), "--sentinel");
    redis.restart();
    return redis;
  }

  private static TestRedis make(
      int port, List<String> basis, List<String> configuration, String... arguments) {
    try {
      Path work = Files.createDirectories(Path.of("target", "redis").toAbsolutePath());
      Path directory = Files.createTempDirectory(work, port + "-");
      List<String> lines = new ArrayList<>(List.of("bind 127.0.0.1", "dir " + directory));
      lines.addAll(basis);
      lines.addAll(configuration);
      Path file = Files.write(directory.resolve("redis.conf"), lines);
      File executable = ExecutableProvider.newJarResourceProvider(directory.toFile()).get();
      List<String> command = new ArrayList<>(List.of(executable.getPath(), file.toString()));
      command.addAll(List.of(arguments));
      return new TestRedis(port, directory, command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the server and waits until it accepts connections. */
  public void restart() {
    launch();
    await("Redis answers on port " + port, this::accepts);
  }

  /** A value of the running configuration. */
  String setting(String name) {
    try (Jedis jedis = connect()) {
      return jedis.configGet(name).get(name);
    }
  }

  /** Adds lines to the configuration, for the next start. */
  void configure(String... lines) {
    try {
      Files.write(directory.resolve("redis.conf"), List.of(lines), StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts the server without waiting for it. */
  void launch() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(directory.resolve("redis.log").toFile()))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean accepts() {
    assertThat(process.isAlive()).as("see %s/redis.log", directory).isTrue();
    try (Jedis jedis = connect()) {
      // A Sentinel answers this, too. A server that is still loading answers with an error.
      jedis.ping();
      return true;
    } catch (JedisException notYet) {
      return notYet.getMessage() != null && notYet.getMessage().contains("AUTH");
    }
  }

  public int port() {
    return port;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  Path directory() {
    return directory;
  }

  public Jedis connect() {
    return new Jedis(
        new HostAndPort("127.0.0.1", port),
        DefaultJedisClientConfig.builder().resp2().timeoutMillis(20_000).build());
  }

  RedisStorage storage(String... options) {
    return open(url(), options);
  }

  RedisStorage storage(Duration retention) {
    return open(options(url()), rule(retention));
  }

  /** A storage whose keys expire after 30 days. */
  static RedisStorage open(String url, String... options) {
    return open(options(url, options), rule(Duration.ofDays(30)));
  }

  static RedisStorage open(RedisOptions options, RetentionRule retention) {
    return new RedisStorage(options, retention, RedisStorage.CHECKED, ByteMeter.NONE);
  }

  /**
   * Keys expire, but nothing is due before: the times that tests store are not this day's.
   *
   * @param retention null for ever
   */
  static RetentionRule rule(Duration retention) {
    RetentionPeriod period = new RetentionPeriod(retention);
    return new RetentionRule(period, period, Horizon.NONE);
  }

  /** Options of this backend; further ones as names and values in turns. */
  static RedisOptions options(String url, String... options) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("redis-url", url);
    for (int i = 0; i < options.length; i += 2) {
      values.put(options[i], options[i + 1]);
    }
    return RedisOptions.read(new Options(name -> Optional.ofNullable(values.get(name))));
  }

  /** Kills the server's process, whatever it is doing. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  /** Suspends the server's process: connections stay open, and nothing is answered. */
  void pause() {
    signal("-STOP");
  }

  /** Lets a suspended process go on. */
  void resume() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
      assertThat(kill.onExit().join().exitValue()).as("kill " + signal).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a condition holds, for a minute at most. */
  public static void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
