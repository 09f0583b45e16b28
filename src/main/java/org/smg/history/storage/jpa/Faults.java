package org.smg.history.storage.jpa;

import java.sql.SQLException;
import java.util.Set;
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
    /** A fault of this program or of the schema. */
    NONE
  }

  /** Serialization failure, deadlock; Oracle's state for both is 40. */
  private static final String ROLLED_BACK = "40";

  private static final String UNIQUE_VIOLATION = "23505";

  /** A row that is referred to was deleted meanwhile. */
  private static final String FOREIGN_KEY_VIOLATION = "23503";

  /** Not supported, cardinality, data, integrity, syntax or access. */
  private static final Set<String> OWN_FAULTS = Set.of("0A", "21", "22", "23", "42");

  private static final int CLASS_LENGTH = 2;

  private Faults() {}

  static Cure cure(RuntimeException failure) {
    SQLException cause = sqlException(failure);
    String state = cause == null ? null : cause.getSQLState();
    if (state == null || state.length() < CLASS_LENGTH) {
      return Cure.WAIT;
    }
    if (state.equals(UNIQUE_VIOLATION) || state.equals(FOREIGN_KEY_VIOLATION)) {
      return Cure.LOOK_AGAIN;
    }
    String category = state.substring(0, CLASS_LENGTH);
    if (category.equals(ROLLED_BACK)) {
      return Cure.RETRY;
    }
    return OWN_FAULTS.contains(category) ? Cure.NONE : Cure.WAIT;
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
