package org.smg.history.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Cuts a stream into its events (WHATWG HTML, section 9.2), whatever pieces it arrives in. */
final class EventReader {

  /**
   * One event.
   *
   * @param bytes as they came, with the empty line at their end
   * @param data the text of its data; empty for a comment
   */
  record Event(byte[] bytes, String data) {}

  private ByteArrayOutputStream event = new ByteArrayOutputStream();
  private boolean lineIsEmpty = true;
  private boolean hasLine;

  /** The events that these bytes complete. */
  List<Event> read(byte[] bytes) {
    List<Event> complete = new ArrayList<>();
    for (byte next : bytes) {
      event.write(next);
      if (next == '\n') {
        if (lineIsEmpty && hasLine) {
          complete.add(new Event(event.toByteArray(), data(event.toString(UTF_8))));
          event = new ByteArrayOutputStream();
          hasLine = false;
        } else {
          hasLine = !lineIsEmpty || hasLine;
        }
        lineIsEmpty = true;
      } else if (next != '\r') {
        lineIsEmpty = false;
      }
    }
    return complete;
  }

  /** What has come of an event that is not complete. */
  byte[] rest() {
    return event.toByteArray();
  }

  private static String data(String event) {
    List<String> lines = new ArrayList<>();
    event
        .lines()
        .filter(line -> line.startsWith("data:"))
        .forEach(line -> lines.add(line.substring(line.startsWith("data: ") ? 6 : 5)));
    return String.join("\n", lines);
  }
}
