package org.smg.history.wartests.kill;

import java.io.IOException;

/**
 * A process that is killed and started again.
 *
 * @param kill as kill -9 does
 * @param restart waits until it can be used
 */
record Victim(Kind kind, Act kill, Act restart) {

  /** What the process is. */
  enum Kind {
    SERVER,
    DATABASE,
    MODEL
  }

  /** What is done to it. */
  interface Act {
    void run() throws IOException;
  }
}
