package org.smg.history.api.error;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.api.trace.RequestFields;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.HistoryFailure;

/** Tells of requests that failed through no fault of the client. */
@Dependent
public class FaultLog {

  private static final Logger LOG = Logger.getLogger(FaultLog.class.getName());
  private static final String NAME = "fault";
  private static final int UNAVAILABLE = 503;

  private final EventLog log;

  @Inject
  public FaultLog(EventLog log) {
    this.log = log;
  }

  /** Writes a line if the answer says that the service is at fault. */
  public void write(HttpServletRequest request, ApiError error, Throwable failure) {
    write(request, request.getRequestURI(), error, failure);
  }

  /**
   * The same for a request that is answered by an error page.
   *
   * @param uri of the request that failed
   */
  void write(HttpServletRequest request, String uri, ApiError error, Throwable failure) {
    if (failure instanceof HistoryFailure.Unavailable away) {
      // One line without a stack trace: while the backend does not answer, every request fails.
      Event event =
          Event.of(NAME, away.getMessage())
              .with("status", UNAVAILABLE)
              .with("reason", reason(away.getCause()));
      log.write(LOG, Level.WARNING, RequestFields.addTo(event, request, uri));
    } else if (error.status() >= 500) {
      Event event = Event.of(NAME, "A request failed").with("status", error.status());
      log.write(LOG, Level.SEVERE, RequestFields.addTo(event, request, uri), failure);
    }
  }

  /** What the backend's driver said first; further on it may quote what is stored. */
  private static String reason(Throwable cause) {
    return cause == null || cause.getMessage() == null
        ? null
        : cause.getMessage().lines().findFirst().orElse(null);
  }
}
