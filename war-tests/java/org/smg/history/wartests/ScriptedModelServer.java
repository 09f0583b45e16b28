package org.smg.history.wartests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.smg.history.FreePort;

/**
 * A model server that does what a test says, byte by byte. A request waits until the test takes it,
 * and then for what the test answers.
 */
final class ScriptedModelServer implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;
  private static final JsonMapper JSON = new JsonMapper();

  private final int port = FreePort.find();
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ServerSocket listener;

  static ScriptedModelServer start() {
    ScriptedModelServer server = new ScriptedModelServer();
    server.listen();
    return server;
  }

  /** With {@code /v1}. */
  String url() {
    return "http://localhost:" + port + "/v1";
  }

  void listen() {
    try {
      ServerSocket open = new ServerSocket(port, 1000, InetAddress.getLoopbackAddress());
      listener = open;
      threads.execute(() -> accept(open));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on, connections are refused. */
  void stopListening() throws IOException {
    listener.close();
  }

  private void accept(ServerSocket open) {
    while (!open.isClosed()) {
      try {
        Socket socket = open.accept();
        socket.setTcpNoDelay(true);
        threads.execute(() -> read(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void read(Socket socket) {
    try {
      Call call = Call.read(socket);
      if (call != null) {
        calls.add(call);
      }
    } catch (IOException hungUp) {
      // Nobody asks any more.
    }
  }

  /** The next request that comes. */
  Call take() {
    try {
      Call call = calls.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (call == null) {
        throw new AssertionError("the model server was not asked");
      }
      return call;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether a request has come that was not taken. */
  boolean isAsked() {
    return !calls.isEmpty();
  }

  /** Requests that have come and were not taken; they are not answered. */
  List<Call> left() {
    List<Call> left = new ArrayList<>();
    calls.drainTo(left);
    return left;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }

  /**
   * One request, on a connection of its own.
   *
   * @param head the request line and the headers
   */
  record Call(Socket socket, List<String> head, String body) implements AutoCloseable {

    private static Call read(Socket socket) throws IOException {
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(UTF_8).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return null;
        }
        head.write(next);
      }
      List<String> lines = head.toString(UTF_8).lines().filter(line -> !line.isEmpty()).toList();
      Call call = new Call(socket, lines, "");
      String length = call.header("Content-Length");
      byte[] body = in.readNBytes(length == null ? 0 : Integer.parseInt(length));
      return new Call(socket, lines, new String(body, UTF_8));
    }

    /** A header's value, or null. */
    String header(String name) {
      String begin = name.toLowerCase() + ":";
      return head.stream()
          .filter(line -> line.toLowerCase().startsWith(begin))
          .map(line -> line.substring(begin.length()).strip())
          .findFirst()
          .orElse(null);
    }

    /**
     * Answers and closes the connection.
     *
     * @param headers further ones, as whole lines
     */
    void answer(int status, String type, String body, String... headers) throws IOException {
      byte[] bytes = body.getBytes(UTF_8);
      StringBuilder text = new StringBuilder("HTTP/1.1 %d Scripted\r\n".formatted(status));
      text.append("Content-Type: ").append(type).append("\r\n");
      text.append("Content-Length: ").append(bytes.length).append("\r\nConnection: close\r\n");
      for (String header : headers) {
        text.append(header).append("\r\n");
      }
      send(text.append("\r\n") + body);
      socket.close();
    }

    /**
     * Answers a request for a response, as a stream if it asks for one. Refuses encrypted reasoning
     * that comes back under another id, as OpenAI and Azure do.
     */
    void respond(ModelAnswer answer) throws IOException {
      JsonNode request = json();
      for (JsonNode item : request.path("input")) {
        JsonNode encrypted = item.path("encrypted_content");
        if (encrypted.isTextual()
            && !encrypted.textValue().equals(ModelItem.sealed(item.path("id").textValue()))) {
          answer(
              400,
              "application/json",
              "{\"error\":{\"message\":\"The encrypted content could not be verified.\",\"type\":"
                  + "\"invalid_request_error\",\"param\":\"input\",\"code\":\"invalid_encrypted_content\"}}");
          return;
        }
      }
      if (request.path("stream").booleanValue()) {
        stream();
        for (String event : answer.events()) {
          chunk(event);
        }
        endStream();
      } else {
        json(answer.json());
      }
    }

    /** The body of the request. */
    JsonNode json() throws IOException {
      return JSON.readTree(body);
    }

    void json(String body) throws IOException {
      answer(200, "application/json", body);
    }

    /** Begins a stream of events that lasts until the connection is closed. */
    void stream() throws IOException {
      send(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
    }

    /** Sends a part of the stream as one chunk. */
    void chunk(String text) throws IOException {
      byte[] bytes = text.getBytes(UTF_8);
      send(Integer.toHexString(bytes.length) + "\r\n" + text + "\r\n");
    }

    void endStream() throws IOException {
      send("0\r\n\r\n");
      socket.close();
    }

    void send(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(UTF_8));
      socket.getOutputStream().flush();
    }

    /** Breaks off. */
    void cutOff() throws IOException {
      socket.close();
    }

    /** Waits until the other side has closed the connection. */
    void awaitHangUp() throws IOException {
      socket.setSoTimeout(PATIENCE_SECONDS * 1000);
      try {
        if (socket.getInputStream().read() >= 0) {
          throw new AssertionError("more was sent");
        }
      } catch (SocketException reset) {
        // Also a way to hang up.
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
