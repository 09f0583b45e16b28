package org.smg.history.storage.jpa;

import java.sql.SQLException;
import org.smg.history.model.HistoryFailure;

/** Tells from what a database or its driver raised what can be done about it. */
final class Faults {

  /** What a fault calls for. */
  enum Cure {
    /** Somebody else was in the way; a new attempt at once can succeed. */
    RETRY,
    /** Somebody else stored a row of the same key. */
    LOOK_AGAIN,
    /** The same request may succeed later. */
    WAIT,
    /** The administrator of the database must grant a right. */
    GRANT,
    /** A fault of this program or of the schema. */
    NONE
  }

  private Faults() {}

  /** What a failure calls for; one in which the database has no part is the driver's. */
  static Cure cure(RuntimeException failure, Dialect dialect) {
    SQLException cause = sqlException(failure);
    return cause == null ? Cure.WAIT : dialect.cure(cause);
  }

  /** The failure without the persistence provider's wrapping, which would repeat statements. */
  static HistoryFailure.Unavailable unavailable(RuntimeException failure) {
    SQLException cause = sqlException(failure);
    return new HistoryFailure.Unavailable(
        "The database does not answer.", cause == null ? failure : cause);
  }

  static SQLException sqlException(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    SQLException found = (SQLException) cause;
    // A batch's own exception knows less than the one behind it.
    while (found != null && found.getNextException() != null) {
      found = found.getNextException();
    }
    return found;
  }
}
