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
import java.util.concurrent.atomic.AtomicLong;
import org.smg.history.storage.redis.TestRedis;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;

/**
 * The limit of Redis itself: bare Jedis clients, one for each connection to the history, that send
 * it the very commands of the history's requests. The commands of one request go in one pipeline;
 * the next one's follow when all of their answers are there, as the history's own clients wait.
 * {@code redis-benchmark} cannot do the same: its arguments cannot hold zero bytes, and an id that
 * comes in several of them would be another one in each.
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
  public Measurement run(List<List<Request>> requests, Duration duration)
      throws IOException, InterruptedException {
    List<Callable<Client>> clients = new ArrayList<>();
    for (List<Request> own : requests) {
      List<RedisCommands> commands = watch(own);
      clients.add(() -> new Client(commands));
    }
    return Clients.run(clients, duration);
  }

  private final class Client implements Clients.Client {

    private final Jedis jedis = redis.connect();
    private final Pipeline pipeline = jedis.pipelined();
    private final List<RedisCommands> requests;
    private int next;

    Client(List<RedisCommands> requests) {
      this.requests = requests;
    }

    @Override
    public void exchange() {
      for (RedisCommands.Command command : requests.get(next).with(numbers.incrementAndGet())) {
        pipeline.sendCommand(Protocol.Command.valueOf(command.name()), command.arguments());
      }
      pipeline.syncAndReturnAll().forEach(RedisLimit::check);
      next = (next + 1) % requests.size();
    }

    @Override
    public void close() {
      jedis.close();
    }
  }

  private static void check(Object answer) {
    if (answer instanceof RuntimeException refused) {
      throw refused;
    }
    if (answer instanceof List<?> list
        && !list.isEmpty()
        && list.get(0) instanceof byte[] word
        && !new String(word, StandardCharsets.UTF_8).equals("ok")) {
      throw new IllegalStateException(
          "not the history's work, but " + new String(word, StandardCharsets.UTF_8));
    }
  }

  /** Sends each request once and notes what the history asks of Redis. */
  private List<RedisCommands> watch(List<Request> requests) throws IOException {
    List<RedisCommands> commands = new ArrayList<>();
    try (Socket monitor = new Socket("127.0.0.1", redis.port());
        Jedis jedis = redis.connect()) {
      monitor.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(monitor.getInputStream(), StandardCharsets.ISO_8859_1));
      reader.readLine();
      for (Request request : requests) {
        load.once(request);
        jedis.echo("watched");
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine();
            !line.contains("\"ECHO\" \"watched\"");
            line = reader.readLine()) {
          if (!line.contains(" lua] ") && line.contains("\"EVALSHA\"")) {
            lines.add(line.substring(line.indexOf("] \"") + 2));
          }
        }
        commands.add(new RedisCommands(lines, request.template()));
      }
    }
    return commands;
  }
}
