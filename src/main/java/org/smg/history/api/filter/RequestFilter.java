package org.smg.history.api.filter;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.smg.history.api.error.ApiError;
import org.smg.history.model.HistoryFailure;

/**
 * Refuses URLs that are not properly encoded, which servers read differently, and hands JAX-RS the
 * rest in a form that all of them read alike. Mapped in web.xml, where its place among the filters
 * is fixed.
 */
public class RequestFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final String SESSION_ID = ";jsessionid=";

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    String fault = faultOfTheUrl(request);
    if (fault == null) {
      chain.doFilter(new NormalizedRequest(request), response);
    } else {
      ApiError.of(
              new HistoryFailure.Invalid(null, "invalid_url", fault),
              request.getMethod(),
              request.getRequestURI())
          .sendTo(response);
    }
  }

  private static String faultOfTheUrl(HttpServletRequest request) {
    String query = request.getQueryString();
    if (!PercentEncoding.isProper(request.getRequestURI())
        || query != null && !PercentEncoding.isProper(query)) {
      return "The URL is not properly percent-encoded in UTF-8.";
    }
    if (isCut(request)) {
      return "The URL contains ';jsessionid=', which cannot be part of an id.";
    }
    return null;
  }

  /**
   * Whether the server has cut a session's id out of the path, and the rest would name another
   * object. Open Liberty leaves it in the URL; GlassFish takes it as the request's session.
   */
  private static boolean isCut(HttpServletRequest request) {
    return request.isRequestedSessionIdFromURL()
        || request.getRequestURL().indexOf(SESSION_ID) >= 0;
  }
}
