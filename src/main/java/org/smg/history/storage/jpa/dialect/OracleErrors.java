package org.smg.history.storage.jpa;

import java.util.Set;

/** Oracle's errors by number: its SQLSTATEs put deadlocks and lost sessions into one class. */
final class OracleErrors {

  /** A key is taken; the row that is referred to was deleted meanwhile. */
  private static final Set<Integer> LOOK_AGAIN = Set.of(1, 2291);

  /** Deadlocks on rows and in the library cache, a snapshot that cannot be serialized. */
  private static final Set<Integer> RETRY = Set.of(60, 4020, 8177);

  /** Privileges, a right to use a tablespace. */
  private static final Set<Integer> GRANT = Set.of(1031, 1950);

  /** Checks, children, sizes and numbers that do not fit, binds that do not belong together. */
  private static final Set<Integer> NONE =
      Set.of(1722, 2290, 2292, 12899, 24816, 17003, 17004, 17006, 17041);

  private OracleErrors() {}

  static Faults.Cure cure(int number) {
    if (LOOK_AGAIN.contains(number)) {
      return Faults.Cure.LOOK_AGAIN;
    }
    if (RETRY.contains(number)) {
      return Faults.Cure.RETRY;
    }
    if (GRANT.contains(number)) {
      return Faults.Cure.GRANT;
    }
    return NONE.contains(number) || isStatement(number) || isValue(number)
        ? Faults.Cure.NONE
        : Faults.Cure.WAIT;
  }

  /** What Oracle finds while it reads a statement. */
  private static boolean isStatement(int number) {
    return number >= 900 && number <= 999;
  }

  /** What Oracle finds while it carries a statement out. */
  private static boolean isValue(int number) {
    return number >= 1400 && number <= 1489;
  }
}
