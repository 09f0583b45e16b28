package org.smg.history.storage.jpa.dialect;

import java.util.Set;

/**
 * Oracle's errors by their numbers (ORA-00001 is 1). Its SQLSTATEs do not tell enough: deadlocks
 * and lost sessions have the same.
 */
final class OracleErrors {

  /** A unique key is taken; the parent of a foreign key was deleted meanwhile. */
  private static final Set<Integer> KEY_VIOLATION = Set.of(1, 2291);

  /** Deadlocks on rows and in the library cache, a transaction that cannot be serialized. */
  private static final Set<Integer> RETRYABLE = Set.of(60, 4020, 8177);

  /**
   * Too many sessions or processes, also as the listener says it; a lock that was not released in
   * time; a cancelled statement; no space left in a tablespace or its quota, or in memory.
   */
  private static final Set<Integer> BUSY =
      Set.of(18, 20, 54, 1013, 1536, 1653, 4031, 12516, 12519, 12520, 30006);

  /** Privileges, a quota on a tablespace. */
  private static final Set<Integer> NOT_PERMITTED = Set.of(1031, 1950);

  /**
   * Check constraints, rows with children, values that are too long or no numbers, binds in a wrong
   * order; the driver's own errors about wrong columns, indexes and parameters (from 17000 on).
   */
  private static final Set<Integer> PROGRAM_ERROR =
      Set.of(1722, 2290, 2292, 12899, 24816, 17003, 17004, 17006, 17041);

  private OracleErrors() {}

  static ErrorKind kindOf(int number) {
    if (KEY_VIOLATION.contains(number)) {
      return ErrorKind.KEY_VIOLATION;
    }
    if (RETRYABLE.contains(number)) {
      return ErrorKind.RETRYABLE;
    }
    if (BUSY.contains(number)) {
      return ErrorKind.BUSY;
    }
    if (NOT_PERMITTED.contains(number)) {
      return ErrorKind.NOT_PERMITTED;
    }
    return PROGRAM_ERROR.contains(number) || isSyntax(number) || isValue(number)
        ? ErrorKind.PROGRAM_ERROR
        : ErrorKind.UNAVAILABLE;
  }

  /** Errors in the text of a statement. */
  private static boolean isSyntax(int number) {
    return number >= 900 && number <= 999;
  }

  /** Errors in values, such as NULL where none is allowed. */
  private static boolean isValue(int number) {
    return number >= 1400 && number <= 1489;
  }
}
