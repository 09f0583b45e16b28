package org.smg.history.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts a stream into its events (WHATWG HTML, section 9.2), whatever pieces it arrives in. */
final class EventReader {

  private static final byte[] DATA = "data:".getBytes(US_ASCII);

  /**
   * One event.
   *
   * @param bytes as they came, with the empty line at their end
   * @param data what is to be read of it, in UTF-8; empty for a comment
   */
  record Event(byte[] bytes, byte[] data) {

    boolean hasData() {
      return data.length > 0;
    }

    /** Whether its data is this word. */
    boolean says(String word) {
      return Arrays.equals(data, word.getBytes(US_ASCII));
    }
  }

  private ByteArrayOutputStream event = new ByteArrayOutputStream();
  private boolean lineIsEmpty = true;
  private boolean hasLine;

  /** The events that these bytes complete. */
  List<Event> read(byte[] bytes) {
    List<Event> complete = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        if (lineIsEmpty && hasLine) {
          event.write(bytes, from, i + 1 - from);
          from = i + 1;
          complete.add(event(event.toByteArray()));
          event = new ByteArrayOutputStream();
          hasLine = false;
        } else {
          hasLine = !lineIsEmpty || hasLine;
        }
        lineIsEmpty = true;
      } else if (bytes[i] != '\r') {
        lineIsEmpty = false;
      }
    }
    event.write(bytes, from, bytes.length - from);
    return complete;
  }

  /** What has come of an event that is not complete. */
  byte[] rest() {
    return event.toByteArray();
  }

  private static Event event(byte[] bytes) {
    ByteArrayOutputStream data = new ByteArrayOutputStream(bytes.length);
    boolean isFirst = true;
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        if (isData(bytes, from, i)) {
          if (!isFirst) {
            data.write('\n');
          }
          isFirst = false;
          int begin = from + DATA.length;
          begin += begin < i && bytes[begin] == ' ' ? 1 : 0;
          data.write(bytes, begin, i - begin);
        }
        from = i + 1;
      }
    }
    return new Event(bytes, data.toByteArray());
  }

  private static boolean isData(byte[] bytes, int from, int to) {
    return to - from >= DATA.length
        && Arrays.equals(bytes, from, from + DATA.length, DATA, 0, DATA.length);
  }
}
