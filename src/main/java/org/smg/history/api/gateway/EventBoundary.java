package org.smg.history.api.gateway;

/** Knows whether a stream of events stands between two events, where a comment may be put in. */
final class EventBoundary {

  private int newlines = 2;

  /** These bytes are next in the stream. */
  void passed(byte[] bytes) {
    int from = Math.max(0, bytes.length - 4);
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        newlines++;
      } else if (bytes[i] != '\r') {
        newlines = 0;
      }
    }
  }

  boolean isReached() {
    return newlines >= 2;
  }
}
