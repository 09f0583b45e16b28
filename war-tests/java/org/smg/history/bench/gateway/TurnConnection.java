package org.smg.history.bench.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/**
 * A connection that asks for Responses, one after the other. It does as little as it can, since it
 * shares the processors with the server.
 */
final class TurnConnection implements Closeable {

  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final String LENGTH = "content-length:";
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
  private static final String END_OF_EVENT = "\n\n";

  private final Socket socket;
  private final byte[] buffer = new byte[1 << 16];
  private int filled;

  /**
   * @param port of a server on this machine
   */
  TurnConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
  }

  /**
   * @param json the body
   */
  static byte[] request(String json) {
    byte[] body = json.getBytes(UTF_8);
    return """
        POST /v1/responses HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        %s"""
        .formatted(body.length, json)
        .getBytes(UTF_8);
  }

  /** Sends a request, and reads nothing yet. */
  void send(byte[] request) throws IOException {
    filled = 0;
    socket.getOutputStream().write(request);
  }

  /**
   * Reads until the first event is there.
   *
   * @return when that was
   * @throws IOException if the answer is not 200
   */
  long awaitEvent() throws IOException {
    int body = awaitHead();
    while (find(END_OF_EVENT, body) < 0) {
      read();
    }
    return System.nanoTime();
  }

  /**
   * Reads the rest of a stream; of a very long one only its end is kept.
   *
   * @throws IOException if it is not a completed turn
   */
  void awaitCompleted() throws IOException {
    while (find(LAST_CHUNK, Math.max(0, filled - LAST_CHUNK.length())) < 0) {
      if (filled > buffer.length / 2) {
        System.arraycopy(buffer, filled - buffer.length / 4, buffer, 0, buffer.length / 4);
        filled = buffer.length / 4;
      }
      read();
    }
    if (find("response.completed", 0) < 0) {
      throw new IOException(new String(buffer, 0, filled, UTF_8));
    }
  }

  /**
   * Reads an answer that is no stream.
   *
   * @return when it was there
   */
  long awaitWhole() throws IOException {
    int body = awaitHead();
    String head = new String(buffer, 0, body, ISO_8859_1).toLowerCase(Locale.ROOT);
    int length = head.indexOf(LENGTH);
    if (length < 0) {
      while (find(LAST_CHUNK, Math.max(body, filled - LAST_CHUNK.length())) < 0) {
        read();
      }
    } else {
      int from = length + LENGTH.length();
      int end = body + Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
      while (filled < end) {
        read();
      }
    }
    return System.nanoTime();
  }

  /** The body's index. */
  private int awaitHead() throws IOException {
    while (find(END_OF_HEAD, 0) < 0) {
      read();
    }
    if (find("HTTP/1.1 200 ", 0) != 0) {
      throw new IOException(new String(buffer, 0, filled, UTF_8));
    }
    return find(END_OF_HEAD, 0) + END_OF_HEAD.length();
  }

  private int find(String text, int from) {
    for (int at = from; at <= filled - text.length(); at++) {
      int same = 0;
      while (same < text.length() && buffer[at + same] == text.charAt(same)) {
        same++;
      }
      if (same == text.length()) {
        return at;
      }
    }
    return -1;
  }

  private void read() throws IOException {
    InputStream in = socket.getInputStream();
    int read = in.read(buffer, filled, buffer.length - filled);
    if (read < 0) {
      throw new EOFException("the server closed the connection");
    }
    filled += read;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
