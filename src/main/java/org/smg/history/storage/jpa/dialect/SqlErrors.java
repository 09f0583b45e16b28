package org.smg.history.storage.jpa.dialect;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.smg.history.model.HistoryFailure;

/** Tells what is behind the exceptions of the persistence provider, of Flyway and of drivers. */
public final class SqlErrors {

  private SqlErrors() {}

  /**
   * What a failure means. One that neither the database nor its driver has a part in is a fault of
   * this program, whatever its type.
   */
  public static ErrorKind kindOf(Throwable failure, Dialect dialect) {
    SQLException error = find(failure);
    if (error != null) {
      return dialect.errorKind(error);
    }
    return raisedByDriver(failure, dialect) ? ErrorKind.UNAVAILABLE : ErrorKind.PROGRAM_ERROR;
  }

  /**
   * Whether the failure, or one of its causes, was raised by the database's driver, and not by the
   * server's pool or by this program. Drivers do not keep to SQLException: Oracle's raises a
   * BufferUnderflowException when a listener's answer is too short. So the stack trace decides: its
   * first frame that is not of the JDK.
   */
  public static boolean raisedByDriver(Throwable failure, Dialect dialect) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean driver =
          Stream.of(cause.getStackTrace())
              .map(StackTraceElement::getClassName)
              .filter(name -> !name.startsWith("java.") && !name.startsWith("jdk."))
              .findFirst()
              .filter(name -> name.startsWith(dialect.driverPackage()))
              .isPresent();
      if (driver) {
        return true;
      }
    }
    return false;
  }

  /**
   * An outage, for clients and for the log. Its cause is the database's own exception: those of the
   * persistence provider would repeat statements with the values in them.
   */
  public static HistoryFailure.Unavailable outage(Throwable failure, Dialect dialect) {
    SQLException error = find(failure);
    String message =
        switch (kindOf(failure, dialect)) {
          case UNAVAILABLE ->
              raisedByDriver(failure, dialect)
                  ? "The database does not answer."
                  : "There is no connection to the database.";
          case BUSY, RETRYABLE, KEY_VIOLATION -> "The database is busy.";
          case NOT_PERMITTED, PROGRAM_ERROR -> "The database cannot be used.";
        };
    return new HistoryFailure.Unavailable(message, error == null ? failure : error);
  }

  /** The database's or driver's exception behind a failure, or null. */
  private static SQLException find(Throwable failure) {
    Throwable cause = failure;
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    SQLException found = (SQLException) cause;
    // The exception of a batch only says that there was an error; the next one says which.
    while (found != null && found.getNextException() != null) {
      found = found.getNextException();
    }
    return found;
  }
}
