package org.smg.history.bench;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

/**
 * An HTTP request, made before the measurement begins. Wherever it says {@link #NUMBER}, a fresh
 * number is put in each time that it is sent.
 */
final class Request {

  static final String NUMBER = "############";

  private final String method;
  private final String body;
  private final byte[] bytes;
  private final int[] numbers;

  /**
   * @param path the URL from the server's root
   * @param body JSON; empty for none
   */
  Request(String method, String path, String body) {
    this.method = method;
    this.body = body;
    byte[] utf8 = body.getBytes(StandardCharsets.UTF_8);
    String head =
        method
            + ' '
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + utf8.length
            + "\r\n\r\n";
    this.bytes = (head + body).getBytes(StandardCharsets.UTF_8);
    // In Latin-1 a character's index is its byte's.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    this.numbers =
        IntStream.iterate(
                text.indexOf(NUMBER),
                at -> at >= 0,
                at -> text.indexOf(NUMBER, at + NUMBER.length()))
            .toArray();
  }

  /** The same request, body and all, to another path. */
  Request to(String path) {
    return new Request(method, path, body);
  }

  boolean hasNumbers() {
    return numbers.length > 0;
  }

  /** The request as it is sent; the array is used again the next time. */
  byte[] bytes(long number) {
    for (int place : numbers) {
      long rest = number;
      for (int i = NUMBER.length() - 1; i >= 0; i--) {
        bytes[place + i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    return bytes;
  }
}
