package org.smg.history.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One kept-alive HTTP connection that reads no more of an answer than it must. */
final class Connection implements Closeable {

  private static final String OK = "HTTP/1.1 200 ";
  private static final String LENGTH = "content-length:";

  private final int port;
  private final byte[] buffer = new byte[1 << 18];
  private Socket socket;
  private int bodyStart;
  private int bodyLength;

  Connection(int port) throws IOException {
    this.port = port;
    open();
  }

  private void open() throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
  }

  /**
   * Sends a request and reads the answer to its end.
   *
   * @return the length of the answer's body in bytes
   * @throws IOException if the answer is not 200 with a body of a known length
   */
  int exchange(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    int filled = 0;
    bodyStart = -1;
    while (bodyStart < 0) {
      int searched = Math.max(0, filled - 3);
      filled += read(in, filled);
      bodyStart = endOfHead(searched, filled);
    }
    String head = new String(buffer, 0, bodyStart, StandardCharsets.ISO_8859_1);
    bodyLength = length(head);
    int missing = bodyLength - (filled - bodyStart);
    if (bodyStart + bodyLength > buffer.length) {
      throw new IOException("the answer is too long: " + head);
    }
    while (missing > 0) {
      int read = read(in, filled);
      filled += read;
      missing -= read;
    }
    if (!head.startsWith(OK)) {
      throw new IOException(head + body());
    }
    if (head.contains("Connection: Close") || head.contains("Connection: close")) {
      socket.close();
      open();
    }
    return bodyLength;
  }

  /** The body of the last answer. */
  String body() {
    return new String(buffer, bodyStart, bodyLength, StandardCharsets.UTF_8);
  }

  private int read(InputStream in, int at) throws IOException {
    int read = in.read(buffer, at, buffer.length - at);
    if (read < 0) {
      throw new EOFException("the server closed the connection");
    }
    return read;
  }

  private int endOfHead(int from, int to) {
    for (int i = from; i + 3 < to; i++) {
      if (buffer[i] == '\r'
          && buffer[i + 1] == '\n'
          && buffer[i + 2] == '\r'
          && buffer[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  private static int length(String head) throws IOException {
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (at < 0) {
      throw new IOException("the answer does not tell its length: " + head);
    }
    int from = at + LENGTH.length();
    return Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
