package org.smg.history.wartests;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What the server answered.
 *
 * @param head the status line and the headers
 * @param body without chunking
 */
record Answer(List<String> head, byte[] body) {

  private static final JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
              .build());
  private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  static Answer read(byte[] received) throws IOException {
    int end = 0;
    while (end + 4 <= received.length
        && !Arrays.equals(received, end, end + 4, END_OF_HEAD, 0, 4)) {
      end++;
    }
    if (end + 4 > received.length) {
      throw new IOException("not an answer: " + new String(received, StandardCharsets.UTF_8));
    }
    List<String> head = new String(received, 0, end, StandardCharsets.UTF_8).lines().toList();
    Answer whole = new Answer(head, Arrays.copyOfRange(received, end + 4, received.length));
    try {
      return "chunked".equals(whole.header("Transfer-Encoding"))
          ? new Answer(head, whole.unchunked())
          : whole;
    } catch (IndexOutOfBoundsException cutOff) {
      throw new IOException("an answer that was cut off: " + whole, cutOff);
    }
  }

  int status() {
    return Integer.parseInt(head.get(0).split(" ")[1]);
  }

  /** A header's value, or null. */
  String header(String name) {
    String begin = name.toLowerCase() + ":";
    return head.stream()
        .skip(1)
        .filter(line -> line.toLowerCase().startsWith(begin))
        .map(line -> line.substring(begin.length()).strip())
        .findFirst()
        .orElse(null);
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new AssertionError(this + " is not JSON", e);
    }
  }

  /** The ids of a list's entries, in order. */
  List<String> ids() {
    return StreamSupport.stream(json().path("data").spliterator(), false)
        .map(entry -> entry.path("id").textValue())
        .toList();
  }

  String id() {
    return json().path("id").textValue();
  }

  @Override
  public String toString() {
    String text = text();
    return head.get(0) + " " + (text.length() > 2000 ? text.substring(0, 2000) + "…" : text);
  }

  private byte[] unchunked() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
    int at = 0;
    while (true) {
      int lineEnd = at;
      while (body[lineEnd] != '\r') {
        lineEnd++;
      }
      int length =
          Integer.parseInt(new String(body, at, lineEnd - at, StandardCharsets.US_ASCII), 16);
      if (length == 0) {
        return out.toByteArray();
      }
      out.write(body, lineEnd + 2, length);
      at = lineEnd + 2 + length + 2;
    }
  }
}
