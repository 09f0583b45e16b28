package org.smg.history.gateway;

import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;

/**
 * Ends of runs that the history could not take. While this server lives nobody else ends its runs,
 * so they are tried again until the history is back.
 */
final class LateEnds {

  /** After an outage that is so long, this server's lease is over, and others end its runs. */
  private static final int MOST = 10_000;

  private static final Logger LOG = Logger.getLogger(LateEnds.class.getName());

  private final Queue<Runnable> ends = new LinkedBlockingQueue<>(MOST);
  private final AtomicBoolean trying = new AtomicBoolean();
  private final EventLog log;

  LateEnds(EventLog log) {
    this.log = log;
  }

  /** Keeps an end that the history could not take; it fails again while that is so. */
  void add(Runnable end) {
    if (!ends.offer(end)) {
      log.write(
          LOG,
          Level.WARNING,
          Event.of("model_answer_not_recorded", "A run is left to end with this server's lease"));
    }
  }

  /**
   * Tries them again. To be called from time to time; does not wait.
   *
   * @param recorders run what waits for the history
   */
  void retry(Executor recorders) {
    if (!ends.isEmpty() && trying.compareAndSet(false, true)) {
      recorders.execute(
          () -> {
            try {
              retry();
            } finally {
              trying.set(false);
            }
          });
    }
  }

  private void retry() {
    for (Runnable end = ends.peek(); end != null; end = ends.peek()) {
      try {
        end.run();
      } catch (HistoryFailure.Unavailable stillAway) {
        return;
      } catch (RuntimeException ended) {
        log.write(LOG, Level.FINE, Event.of("run_ended", "A run had ended already"), ended);
      }
      ends.poll();
    }
  }
}
