package org.smg.history.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.smg.history.storage.redis.TestRedis;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/**
 * The limit of Redis itself: bare clients that send it the very commands of the history's requests,
 * each as fast as its answers come.
 */
final class RedisLimit implements Limit {

  private final Load load;
  private final TestRedis redis;
  private final AtomicLong numbers = new AtomicLong(1_000_000_000L);

  /**
   * @param load to the history, which is watched to learn the commands
   */
  RedisLimit(Load load, TestRedis redis) {
    this.load = load;
    this.redis = redis;
  }

  @Override
  public Figures run(List<List<Request>> requests, Duration duration)
      throws IOException, InterruptedException {
    List<RedisCommands> commands = new ArrayList<>();
    for (List<Request> own : requests) {
      commands.add(watch(own.get(0)));
    }
    ExecutorService threads = Executors.newFixedThreadPool(commands.size());
    try {
      long start = System.nanoTime();
      long end = start + duration.toNanos();
      List<Callable<Latencies>> workers = new ArrayList<>();
      for (RedisCommands own : commands) {
        workers.add(() -> work(own, end));
      }
      Latencies all = new Latencies();
      for (Future<Latencies> worker : threads.invokeAll(workers)) {
        all.add(worker.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Figures(all.count() / seconds, all.millis(0.5), all.millis(0.99));
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Latencies work(RedisCommands commands, long end) {
    Latencies latencies = new Latencies();
    try (Jedis jedis = redis.connect()) {
      for (long begin = System.nanoTime(); begin < end; ) {
        for (RedisCommands.Command command : commands.with(numbers.incrementAndGet())) {
          Object answer =
              jedis.sendCommand(Protocol.Command.valueOf(command.name()), command.arguments());
          if (answer instanceof List<?> list
              && !list.isEmpty()
              && list.get(0) instanceof byte[] word
              && !new String(word, StandardCharsets.UTF_8).equals("ok")) {
            throw new IllegalStateException(
                "not the history's work, but " + new String(word, StandardCharsets.UTF_8));
          }
        }
        long done = System.nanoTime();
        latencies.add(done - begin);
        begin = done;
      }
    }
    return latencies;
  }

  /** Sends the request once and notes what the history asks of Redis. */
  private RedisCommands watch(Request request) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Socket monitor = new Socket("127.0.0.1", redis.port());
        Jedis jedis = redis.connect()) {
      monitor.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(monitor.getInputStream(), StandardCharsets.ISO_8859_1));
      reader.readLine();
      load.once(request);
      jedis.echo("watched");
      for (String line = reader.readLine();
          !line.contains("\"ECHO\" \"watched\"");
          line = reader.readLine()) {
        if (!line.contains(" lua] ") && line.contains("\"EVALSHA\"")) {
          lines.add(line.substring(line.indexOf("] \"") + 2));
        }
      }
    }
    return new RedisCommands(lines, request.template());
  }
}
