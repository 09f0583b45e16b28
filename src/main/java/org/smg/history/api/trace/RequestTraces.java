package org.smg.history.api.trace;

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
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.log.Samples;

/**
 * What is told of a request beside its answer: its span gets a name, and a refusal gets a line of
 * the log, the first of each reason and then one a minute. Mapped in web.xml, behind the ids and
 * before everything that refuses.
 */
public class RequestTraces extends HttpFilter {

  /** The attribute of a request that was answered with an error: the error's code. */
  public static final String ERROR_CODE = RequestTraces.class.getName() + ".code";

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = Logger.getLogger(RequestTraces.class.getName());
  private static final int TOO_MANY_REQUESTS = 429;

  @Inject private transient EventLog log;

  private final transient Samples samples = new Samples(System::nanoTime);

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RequestSpan.name(request);
    chain.doFilter(request, response);
    int status = response.getStatus();
    if (status == HttpServletResponse.SC_UNAUTHORIZED
        || status == HttpServletResponse.SC_FORBIDDEN
        || status == TOO_MANY_REQUESTS) {
      refused(request, status);
    }
  }

  private void refused(HttpServletRequest request, int status) {
    String reason = reason(request, status);
    OptionalLong leftOut = samples.take(status + " " + reason);
    if (leftOut.isPresent()) {
      log.write(
          LOG,
          Level.INFO,
          RequestFields.addTo(
              Event.of("refusal", "A request was refused")
                  .with("status", status)
                  .with("reason", reason)
                  .with("left_out", leftOut.getAsLong()),
              request));
    }
  }

  /** One of few words. A missing credential is mostly a client's fault, a wrong one may be more. */
  private static String reason(HttpServletRequest request, int status) {
    if (status == HttpServletResponse.SC_UNAUTHORIZED
        && request.getHeader("Authorization") == null) {
      return "no_credential";
    }
    return request.getAttribute(ERROR_CODE) instanceof String code ? code : "refused_by_server";
  }
}
