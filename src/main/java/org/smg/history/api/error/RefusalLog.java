package org.smg.history.api.error;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.api.trace.RequestFields;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.log.Samples;

/**
 * Tells of requests that are turned away: the first of each reason, and then one a minute. Mapped
 * in web.xml, before all filters that refuse.
 */
public class RefusalLog extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = Logger.getLogger(RefusalLog.class.getName());
  private static final int TOO_MANY_REQUESTS = 429;

  @Inject private transient EventLog log;

  private final transient Samples samples = new Samples(System::nanoTime);

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(request, response);
    int status = response.getStatus();
    if (status == HttpServletResponse.SC_UNAUTHORIZED
        || status == HttpServletResponse.SC_FORBIDDEN
        || status == TOO_MANY_REQUESTS) {
      write(request, status);
    }
  }

  private void write(HttpServletRequest request, int status) {
    String reason = reason(request, status);
    OptionalLong leftOut = samples.take(status + " " + reason);
    if (leftOut.isPresent()) {
      Event event =
          Event.of("refusal", "A request was refused")
              .with("status", status)
              .with("reason", reason)
              .with("left_out", leftOut.getAsLong());
      log.write(LOG, Level.INFO, RequestFields.addTo(event, request));
    }
  }

  /** One of few words. A missing credential is mostly a client's fault, a wrong one may be more. */
  private static String reason(HttpServletRequest request, int status) {
    return status == HttpServletResponse.SC_UNAUTHORIZED
            && request.getHeader("Authorization") == null
        ? "no_credential"
        : String.valueOf(ApiError.codeOf(request, status));
  }
}
