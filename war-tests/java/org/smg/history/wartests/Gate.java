package org.smg.history.wartests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between a browser and a server, and can be closed: then the API's answers are 503, as of a
 * server whose backend is away.
 */
final class Gate implements AutoCloseable {

  /** Those that a client must not copy from one connection to another. */
  private static final Set<String> OF_THE_CONNECTION = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  static {
    OF_THE_CONNECTION.addAll(
        List.of("Connection", "Content-Length", "Host", "Transfer-Encoding", "Upgrade"));
  }

  private final String server;
  private final HttpServer gate;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private volatile boolean closed;

  private Gate(String server, HttpServer gate) {
    this.server = server;
    this.gate = gate;
  }

  static Gate before(ApplicationServer server) throws IOException {
    HttpServer listener =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Gate gate = new Gate(server.baseUrl(), listener);
    listener.createContext("/", gate::pass);
    listener.setExecutor(gate.threads);
    listener.start();
    return gate;
  }

  String baseUrl() {
    return "http://localhost:" + gate.getAddress().getPort();
  }

  void shut(boolean shut) {
    closed = shut;
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (closed && exchange.getRequestURI().getPath().startsWith("/v1/")) {
        byte[] body =
            "{\"error\":{\"message\":\"Not at the moment.\",\"type\":\"server_error\",\"param\":null,\"code\":null}}"
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Retry-After", "30");
        exchange.getResponseHeaders().set("x-request-id", "req_of_the_gate");
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(503, body.length);
        exchange.getResponseBody().write(body);
        return;
      }
      HttpResponse<byte[]> answer = ask(exchange);
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OF_THE_CONNECTION.contains(name)) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  private HttpResponse<byte[]> ask(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OF_THE_CONNECTION.contains(name)) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    gate.stop(0);
    threads.shutdownNow();
  }
}
