package org.smg.history.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import org.smg.history.api.error.RequestIds;
import org.smg.history.api.filter.AuthenticationFilter;
import org.smg.history.model.Caller;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.security.Callers;
import org.smg.history.security.Endpoint;

/** Who asks, and with which query. */
public class Request {

  @Context private UriInfo uri;
  @Context private HttpServletRequest servletRequest;

  /**
   * Who asks, and how far the request may reach.
   *
   * @param endpoint the one that is asked
   * @throws org.smg.history.model.HistoryFailure.Forbidden if the caller's roles do not allow it
   */
  Caller caller(Endpoint endpoint) {
    return AuthenticationFilter.callers(servletRequest)
        .of(endpoint, servletRequest.getHeader(Callers.REASON_HEADER), this::name);
  }

  /** Without the query, which may quote metadata. */
  private String name() {
    return "%s %s (%s)"
        .formatted(
            servletRequest.getMethod(),
            servletRequest.getRequestURI(),
            RequestIds.of(servletRequest));
  }

  /**
   * The key under which this POST is carried out once.
   *
   * @param value of the header, or null
   */
  IdempotencyKey idempotencyKey(String value, RequestBody body) {
    return IdempotencyKey.of(value, uri.getPath(), body.bytes());
  }

  Query query() {
    return new Query(uri.getQueryParameters());
  }
}
