package org.smg.history.wartests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A caller that reads an answer as it comes, event by event. */
final class StreamReader implements AutoCloseable {

  private static final int READ_TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;
  private final List<String> head = new ArrayList<>();
  private int leftOfChunk;

  private StreamReader(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /**
   * Sends a request, and reads nothing yet.
   *
   * @param headers whole lines
   */
  static StreamReader post(ApplicationServer server, String target, String body, String... headers)
      throws IOException {
    URI at = URI.create(server.baseUrl());
    Socket socket = new Socket();
    // Small, so that a caller who does not read is noticed soon.
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(at.getHost(), at.getPort()));
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    StringBuilder text = new StringBuilder();
    text.append(
        "POST %s%s HTTP/1.1\r\nHost: %s\r\n".formatted(at.getPath(), target, at.getAuthority()));
    text.append("Content-Type: application/json\r\nContent-Length: ");
    text.append(body.getBytes(UTF_8).length).append("\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    socket.getOutputStream().write((text.append("\r\n") + body).getBytes(UTF_8));
    return new StreamReader(socket);
  }

  /** The status line and the headers; waits until they are there. */
  List<String> head() throws IOException {
    if (head.isEmpty()) {
      for (String line = line(); !line.isEmpty(); line = line()) {
        head.add(line);
      }
    }
    return head;
  }

  /** The next event with the empty line at its end; null at the end of the stream. */
  String event() throws IOException {
    head();
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    while (true) {
      int next = ofTheBody();
      if (next < 0) {
        return event.size() == 0 ? null : event.toString(UTF_8);
      }
      event.write(next);
      if (event.toString(UTF_8).endsWith("\n\n") && event.size() > 2) {
        return event.toString(UTF_8);
      }
    }
  }

  private int ofTheBody() throws IOException {
    if (leftOfChunk == 0) {
      leftOfChunk = Integer.parseInt(line(), 16);
      if (leftOfChunk == 0) {
        return -1;
      }
    }
    int next = in.read();
    if (--leftOfChunk == 0) {
      line();
    }
    return next;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection was closed after: " + line.toString(UTF_8));
      }
      if (next != '\r') {
        line.write(next);
      }
    }
    return line.toString(UTF_8);
  }

  /** Hangs up. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
