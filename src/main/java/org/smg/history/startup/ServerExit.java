package org.smg.history.startup;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.config.Option;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;

/**
 * Ends the process of a server that has no other application, so that whoever started it sees that
 * it failed: a shell, a container platform, systemd.
 */
final class ServerExit {

  /** Off by default: on a server with other applications, no application may end it. */
  static final Option<Boolean> ON_FAILED_START = Option.flag("history-exit-on-failed-start", false);

  private static final Logger LOG = Logger.getLogger(ServerExit.class.getName());

  private static final int STATUS = 1;

  private ServerExit() {}

  /**
   * Begins to stop the server in an orderly way, with the exit status 1, and returns. Stopping
   * waits for the start of the application, so it must not happen on the thread of that start.
   *
   * @param reasons one line for each fault, which says what to do
   */
  static void begin(String reasons, EventLog log) {
    reasons.lines().forEach(reason -> log.write(LOG, Level.SEVERE, event(reason)));
    log.write(
        LOG,
        Level.SEVERE,
        event(
            "The history did not start, and the server ends with exit status %d (%s=true)"
                .formatted(STATUS, ON_FAILED_START.property())));
    new Thread(() -> System.exit(STATUS), "history-exit").start();
  }

  private static Event event(String message) {
    return Event.of("failed_start", message);
  }
}
