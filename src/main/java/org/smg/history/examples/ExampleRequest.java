package org.smg.history.examples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A request of an example. A file has several, one after the other: a line with what is made and,
 * where there is one, its id or that of its response, and the body.
 *
 * @param kind what is made: conversation, items, response or feedback
 * @param id of the response; empty for what has none
 * @param json the body, in which {@code $conversation} stands for the conversation's id
 */
record ExampleRequest(String kind, String id, String json) {

  /** What the first line of a request begins with. */
  private static final String BEGIN = "(?m)^### ";

  /**
   * Reads a file beside this class.
   *
   * @param name without {@code .txt}
   */
  static List<ExampleRequest> read(String name) {
    try (InputStream file = ExampleRequest.class.getResourceAsStream(name + ".txt")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split(BEGIN))
          .filter(request -> !request.isEmpty())
          .map(ExampleRequest::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExampleRequest of(String request) {
    int end = request.indexOf('\n');
    String[] words = request.substring(0, end).split(" ");
    return new ExampleRequest(
        words[0], words.length > 1 ? words[1] : "", request.substring(end + 1));
  }

  byte[] body(String conversation) {
    return json.replace("$conversation", conversation).getBytes(StandardCharsets.UTF_8);
  }
}
