package org.smg.history.wartests.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process: answers Responses with an echo, at a constant pace and without a thread for each
 * stream.
 */
public final class EchoingModelServer {

  static final String READY = "ready";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int THREADS = 2;

  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(THREADS);
  private final Pace pace;

  private EchoingModelServer(Pace pace) {
    this.pace = pace;
  }

  /**
   * @param arguments the port, then the pace
   */
  public static void main(String[] arguments) throws IOException {
    // Else each small event would wait until the one before is acknowledged.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "2000");
    List<String> all = Arrays.asList(arguments);
    EchoingModelServer model = new EchoingModelServer(Pace.of(all.subList(1, all.size())));
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            1000);
    server.createContext("/v1/responses", model::answer);
    server.setExecutor(Executors.newFixedThreadPool(THREADS));
    server.start();
    System.out.println(READY);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    EchoedAnswer answer = new EchoedAnswer(request, pace);
    if (request.path("stream").booleanValue(false)) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
      next(exchange, answer.stream(), pace.first().toMillis(), true);
    } else {
      clock.schedule(
          () -> send(exchange, answer.whole()), pace.first().toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void next(HttpExchange exchange, List<String> moments, long millis, boolean begins) {
    clock.schedule(() -> send(exchange, moments, begins), millis, TimeUnit.MILLISECONDS);
  }

  private void send(HttpExchange exchange, List<String> moments, boolean begins) {
    try {
      if (begins) {
        exchange.sendResponseHeaders(200, 0);
      }
      exchange.getResponseBody().write(moments.get(0).getBytes(UTF_8));
      exchange.getResponseBody().flush();
      if (moments.size() == 1) {
        exchange.close();
      } else {
        next(exchange, moments.subList(1, moments.size()), pace.between().toMillis(), false);
      }
    } catch (IOException hungUp) {
      exchange.close();
    }
  }

  private static void send(HttpExchange exchange, String whole) {
    byte[] body = whole.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    try (exchange) {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException hungUp) {
      // Nobody waits for it any more.
    }
  }
}
