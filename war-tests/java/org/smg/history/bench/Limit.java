package org.smg.history.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What the history is measured against: the same work done by something that does only that. */
interface Limit {

  /**
   * Measures for a while.
   *
   * @param requests what the history is sent: for each connection, its requests
   */
  Measurement run(List<List<Request>> requests, Duration duration)
      throws IOException, InterruptedException;
}
