package org.smg.history.log;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.config.Option;
import org.smg.history.config.Options;

/** Writes events to the server's log, in the format that the administrator chose. */
@Dependent
public final class EventLog {

  static final Option<LogFormat> FORMAT = Option.choice("history-log-format", LogFormat.TEXT);

  private final LogFormat format;

  @Inject
  public EventLog(Options options) {
    this(options.get(FORMAT));
  }

  public EventLog(LogFormat format) {
    this.format = format;
  }

  /**
   * Writes a line.
   *
   * @param logger of the class that tells; administrators choose levels by its name
   */
  public void write(Logger logger, Level level, Event event) {
    if (logger.isLoggable(level)) {
      // With the class, which the server would otherwise take for this one.
      logger.logp(level, logger.getName(), null, format.line(event));
    }
  }

  /**
   * Writes a line when the application ends. If the JVM is exiting, it may have taken the handlers
   * away from all loggers by then; servers write its standard output to their log, too.
   */
  public void writeLast(Logger logger, Level level, Event event) {
    write(logger, level, event);
    if (!isHeard(logger)) {
      System.out.println(format.line(event));
    }
  }

  private static boolean isHeard(Logger logger) {
    Logger told = logger;
    while (told.getHandlers().length == 0 && told.getUseParentHandlers()) {
      if (told.getParent() == null) {
        return false;
      }
      told = told.getParent();
    }
    return told.getHandlers().length > 0;
  }

  /**
   * Writes a line and the stack trace of a failure. Of the messages in it the first lines are
   * written alone: what databases say further on quotes rows.
   */
  public void write(Logger logger, Level level, Event event, Throwable failure) {
    if (!logger.isLoggable(level)) {
      return;
    }
    LoggedFailure told = LoggedFailure.of(failure);
    if (format == LogFormat.JSON) {
      logger.logp(level, logger.getName(), null, format.line(event, told));
    } else {
      logger.logp(level, logger.getName(), null, format.line(event), told);
    }
  }
}
