package org.smg.history.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import org.smg.history.api.filter.AuthenticationFilter;
import org.smg.history.api.filter.NormalizedRequest;
import org.smg.history.api.trace.RequestFields;
import org.smg.history.api.trace.RequestSpan;
import org.smg.history.model.Caller;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.security.Callers;
import org.smg.history.security.Endpoint;

/** Who asks, and with which query. */
public class Request {

  private static final String ENDPOINT = Endpoint.class.getName();

  @Context private UriInfo uri;
  @Context private HttpServletRequest servletRequest;

  /**
   * Who asks, and how far the request may reach.
   *
   * @param endpoint the one that is asked
   * @throws org.smg.history.model.HistoryFailure.Forbidden if the caller's roles do not allow it
   */
  Caller caller(Endpoint endpoint) {
    return caller(servletRequest, endpoint);
  }

  /** The same for a request that does not reach JAX-RS. */
  public static Caller caller(HttpServletRequest request, Endpoint endpoint) {
    request.setAttribute(ENDPOINT, endpoint);
    Callers callers = AuthenticationFilter.callers(request);
    RequestSpan.admitted(request, endpoint, callers.tenant());
    return callers.of(
        endpoint,
        request.getHeader(Callers.REASON_HEADER),
        review -> RequestFields.addTo(review, request));
  }

  /** The endpoint that answers a request, or null if none has been asked. */
  public static Endpoint endpoint(HttpServletRequest request) {
    return (Endpoint) request.getAttribute(ENDPOINT);
  }

  /** Makes the caller of a request whose sender is known. */
  public static Callers callers(HttpServletRequest request) {
    return AuthenticationFilter.callers(request);
  }

  /** Which formats the client accepts, or null if it does not say. */
  public static String accepted(HttpServletRequest request) {
    return NormalizedRequest.accepted(request);
  }

  String accepted() {
    return accepted(servletRequest);
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
