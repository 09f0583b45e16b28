package org.smg.history.log;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A failure as the log tells it: the types, the places, and of each message the first line. What
 * follows there may quote what is stored, as PostgreSQL's details do, and would break the line.
 */
final class LoggedFailure extends Throwable {

  private static final long serialVersionUID = 1L;

  /** In characters, of each message. */
  private static final int MAX_MESSAGE = 200;

  /** Of each failure in the chain of causes. */
  private static final int MAX_FRAMES = 60;

  private final String said;

  private LoggedFailure(String said, LoggedFailure cause, StackTraceElement[] places) {
    super(said, cause, false, true);
    this.said = said;
    setStackTrace(places);
  }

  static LoggedFailure of(Throwable failure) {
    return of(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static LoggedFailure of(Throwable failure, Set<Throwable> seen) {
    if (failure == null || !seen.add(failure)) {
      return null;
    }
    StackTraceElement[] places = failure.getStackTrace();
    return new LoggedFailure(
        said(failure),
        of(failure.getCause(), seen),
        Arrays.copyOf(places, Math.min(places.length, MAX_FRAMES)));
  }

  private static String said(Throwable failure) {
    String type = failure.getClass().getName();
    String message = failure.getMessage();
    return message == null
        ? type
        : type + ": " + Visible.text(message.lines().findFirst().orElse(""), MAX_MESSAGE);
  }

  /** As it is printed, without a line break at its end. */
  String trace() {
    StringBuilder trace = new StringBuilder();
    for (Throwable told = this; told != null; told = told.getCause()) {
      trace.append(told == this ? "" : "\nCaused by: ").append(told);
      for (StackTraceElement place : told.getStackTrace()) {
        trace.append("\n\tat ").append(place);
      }
    }
    return trace.toString();
  }

  /** What it stands for, in place of the type of this class. */
  @Override
  public String toString() {
    return said;
  }
}
