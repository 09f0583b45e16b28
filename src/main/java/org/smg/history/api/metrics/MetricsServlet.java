package org.smg.history.api.metrics;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.smg.history.api.Request;
import org.smg.history.api.error.ApiError;
import org.smg.history.metrics.Exposition;
import org.smg.history.metrics.MetricRegistry;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.Endpoint;

/**
 * {@code /metrics}: the same figures, for the same callers, as the endpoint of the API, where tools
 * expect them. A server may have figures of its own there, and then this is not reached.
 */
@WebServlet("/metrics")
public class MetricsServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  @Inject private transient MetricRegistry registry;

  /** HttpServlet answers HEAD by it as well. */
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      Request.callers(request).of(Endpoint.GET_METRICS, null, review -> review);
    } catch (HistoryFailure refused) {
      ApiError.of(refused, request.getMethod(), request.getRequestURI()).sendTo(request, response);
      return;
    }
    Exposition exposition = registry.exposition(Request.accepted(request));
    response.setContentType(exposition.contentType());
    response.setContentLength(exposition.text().length);
    response.getOutputStream().write(exposition.text());
  }
}
