package org.smg.history.api.metrics;

import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Stream;
import org.smg.history.api.Request;
import org.smg.history.api.error.ApiError;
import org.smg.history.api.error.ErrorCodes;
import org.smg.history.metrics.HttpMetrics;
import org.smg.history.metrics.MetricRegistry;
import org.smg.history.security.Endpoint;

/**
 * Counts requests and their answers. Mapped in web.xml around all other filters, so that those who
 * are refused count, too.
 */
public class RequestMetrics extends HttpFilter {

  private static final long serialVersionUID = 1L;

  /**
   * An error page is served for a request that has been counted, or for one that came no further.
   */
  private static final String COUNTED = RequestMetrics.class.getName();

  @Inject private transient MetricRegistry registry;
  private transient HttpMetrics metrics;

  @Override
  public void init() {
    metrics =
        new HttpMetrics(
            registry,
            Stream.concat(ErrorCodes.FAULTS.stream(), ErrorCodes.REFUSALS.stream()).toList(),
            ErrorCodes.REFUSALS);
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (request.getDispatcherType() == DispatcherType.ERROR) {
      showError(request, response, chain);
      return;
    }
    metrics.begun();
    long begin = System.nanoTime();
    int status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    try {
      chain.doFilter(request, response);
      status = response.getStatus();
    } finally {
      count(request, status, begin);
    }
  }

  private void count(HttpServletRequest request, int status, long begin) {
    String method = request.getMethod();
    Endpoint endpoint = Request.endpoint(request);
    String path = endpoint == null ? path(request, request.getRequestURI()) : null;
    LaterAnswer later = LaterAnswer.of(request);
    if (later == null) {
      metrics.ended(
          method,
          endpoint,
          path,
          status,
          ApiError.codeOf(request, status),
          System.nanoTime() - begin);
    } else {
      later.whenEnded(
          (itsStatus, code) ->
              metrics.ended(method, endpoint, path, itsStatus, code, System.nanoTime() - begin));
    }
    if (status >= HttpServletResponse.SC_BAD_REQUEST) {
      request.setAttribute(COUNTED, Boolean.TRUE);
    }
  }

  private void showError(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    long begin = System.nanoTime();
    chain.doFilter(request, response);
    if (request.getAttribute(COUNTED) == null) {
      Object uri = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
      int status = response.getStatus();
      metrics.answered(
          request.getMethod(),
          null,
          path(request, uri == null ? request.getRequestURI() : uri.toString()),
          status,
          ApiError.codeOf(request, status),
          System.nanoTime() - begin);
    }
  }

  /** Below the context root. */
  private static String path(HttpServletRequest request, String uri) {
    return uri.startsWith(request.getContextPath())
        ? uri.substring(request.getContextPath().length())
        : uri;
  }
}
