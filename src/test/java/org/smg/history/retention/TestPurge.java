package org.smg.history.retention;

import static org.smg.history.storage.Samples.at;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.Storage;

/** A server's purge of a storage, at a time that does not go on. */
public final class TestPurge {

  private static final int DAYS = 10;

  private static final Retention RETENTION =
      new Retention(DAYS, DAYS, Clock.fixed(at(0).plus(Duration.ofDays(2 * DAYS)), ZoneOffset.UTC));

  private final Purge purge;

  public TestPurge(Storage storage) {
    purge =
        new Purge(
            RETENTION, storage, List.of(), Duration.ofMinutes(1), new EventLog(LogFormat.TEXT));
  }

  /** What was last touched on the first day is due. */
  public static Horizon horizon() {
    return RETENTION;
  }

  /**
   * Purges once.
   *
   * @return whether it was this server's turn
   */
  public boolean run() {
    return purge.run().isPresent();
  }
}
