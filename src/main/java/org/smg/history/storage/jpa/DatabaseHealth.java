package org.smg.history.storage.jpa;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.ErrorKind;
import org.smg.history.storage.jpa.dialect.SqlErrors;

/**
 * When the database last answered, as the operations tell that are made anyway. This distinguishes
 * a database that is down from a pool whose connections are all in use, on every server: servers
 * report both as an SQLException, after different times and in different words.
 */
final class DatabaseHealth {

  /**
   * How long an answer counts. Drivers wait 10 s for an answer (see the defaults of postgres-db-url
   * and oracle-pool-timeout-secs): an operation on a database that no longer answers fails within
   * that time, which then is the newer fact.
   */
  static final Duration ANSWER_COUNTS = Duration.ofSeconds(15);

  private final LongSupplier nanoTime;
  private volatile Long lastAnswer;

  DatabaseHealth() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime nanoseconds that pass
   */
  DatabaseHealth(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The database has just answered, be it with an error. */
  void answered() {
    lastAnswer = nanoTime.getAsLong();
  }

  /**
   * Notes what a failure says. A pool that has no connection to give says nothing about the
   * database, so only the driver's failures count.
   */
  void note(Throwable failure, Dialect dialect) {
    if (SqlErrors.raisedByDriver(failure, dialect)) {
      if (SqlErrors.kindOf(failure, dialect) == ErrorKind.UNAVAILABLE) {
        lastAnswer = null;
      } else {
        answered();
      }
    }
  }

  /** Whether the last thing known is an answer, and it is recent. */
  boolean answersLately() {
    Long answer = lastAnswer;
    return answer != null && nanoTime.getAsLong() - answer < ANSWER_COUNTS.toNanos();
  }
}
