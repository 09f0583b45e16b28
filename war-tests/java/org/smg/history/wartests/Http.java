package org.smg.history.wartests;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Sends requests exactly as they are written, also those that a proper client would not, each on a
 * connection of its own. Fails where the API's description does not cover what is sent and
 * answered.
 */
final class Http {

  private static final int READ_TIMEOUT_MILLIS = 60_000;

  private final int port;
  private final String host;
  private final InetAddress from;
  private final List<String> always;

  Http(int port) {
    this(port, "localhost:" + port, InetAddress.getLoopbackAddress(), List.of());
  }

  private Http(int port, String host, InetAddress from, List<String> always) {
    this.port = port;
    this.from = from;
    this.host = host;
    this.always = always;
  }

  /** The same, with further headers in every request, as whole lines. */
  Http with(String... headers) {
    List<String> all = new ArrayList<>(always);
    all.addAll(List.of(headers));
    return new Http(port, host, from, all);
  }

  /** The same server, called by another name. */
  Http named(String otherHost) {
    return new Http(port, otherHost, from, always);
  }

  /**
   * The same, from another address of this machine. Linux has all of 127.0.0.0/8.
   *
   * @param address in numbers
   */
  Http from(String address) {
    try {
      return new Http(port, host, InetAddress.getByName(address), always);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Answer get(String target) {
    return send("GET", target, null);
  }

  /** Waits until conversations are listed with this status. */
  void awaitStatus(int status) {
    Writers.await(
        "it is not answered with " + status,
        () -> get("/v1/conversations?limit=1").status() == status);
  }

  Answer delete(String target) {
    return send("DELETE", target, null);
  }

  Answer post(String target, String json) {
    return send("POST", target, json);
  }

  Answer put(String target, String json) {
    return send("PUT", target, json);
  }

  /**
   * @param json the body, or null for none
   */
  Answer send(String method, String target, String json) {
    return json == null
        ? send(method, target, List.of(), null)
        : send(
            method,
            target,
            List.of("Content-Type: application/json"),
            json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param headers whole lines
   * @param body null for none
   */
  Answer send(String method, String target, List<String> headers, byte[] body) {
    List<String> all = new ArrayList<>(headers);
    if (body != null) {
      all.add("Content-Length: " + body.length);
    }
    return exchange(
        method,
        target,
        all,
        out -> {
          if (body != null) {
            out.write(body);
          }
        },
        () -> body == null ? new byte[0] : body);
  }

  /** Sends a body in chunks, without saying its length. */
  Answer sendChunked(String method, String target, byte[] chunk, int times) {
    return exchange(
        method,
        target,
        List.of("Content-Type: application/json", "Transfer-Encoding: chunked"),
        out -> {
          for (int i = 0; i < times; i++) {
            out.write(ascii(Integer.toHexString(chunk.length) + "\r\n"));
            out.write(chunk);
            out.write(ascii("\r\n"));
          }
          out.write(ascii("0\r\n\r\n"));
        },
        () -> {
          ByteArrayOutputStream whole = new ByteArrayOutputStream();
          for (int i = 0; i < times; i++) {
            whole.writeBytes(chunk);
          }
          return whole.toByteArray();
        });
  }

  private interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * @param whole the body as the server is to understand it
   */
  private Answer exchange(
      String method, String target, List<String> headers, Body body, Supplier<byte[]> whole) {
    Answer answer = exchange(method, target, headers, body);
    List<String> all = new ArrayList<>(always);
    all.addAll(headers);
    DescribedTraffic.check(method, target, all, whole, answer);
    return answer;
  }

  private Answer exchange(String method, String target, List<String> headers, Body body) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0)) {
      socket.setSoTimeout(READ_TIMEOUT_MILLIS);
      StringBuilder head = new StringBuilder();
      head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
      head.append("Host: ").append(host).append("\r\nConnection: close\r\n");
      always.forEach(line -> head.append(line).append("\r\n"));
      headers.forEach(line -> head.append(line).append("\r\n"));
      OutputStream out = socket.getOutputStream();
      try {
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        body.writeTo(out);
        out.flush();
      } catch (IOException refused) {
        // The server may answer and hang up before it has read everything.
      }
      return Answer.read(readAll(socket.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what came before the server hung up, however it did. */
  private static byte[] readAll(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
    } catch (IOException hungUp) {
      if (all.size() == 0) {
        throw hungUp;
      }
    }
    return all.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
