package org.smg.history.api.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.smg.history.log.Event;
import org.smg.history.log.TraceParent;
import org.smg.history.security.Callers;

/** What an event says of its request. They are looked up when something is written, not before. */
public final class RequestFields {

  /** In characters; what the application makes is shorter. */
  private static final int MAX_ID = 255;

  private static final int MAX_PATH = 200;

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE");

  private RequestFields() {}

  /** The event with the ids, the trace, the tenant and the route of a request. */
  public static Event addTo(Event event, HttpServletRequest request) {
    return addTo(event, request, request.getRequestURI());
  }

  /**
   * The same for a request that is answered by an error page.
   *
   * @param uri of the request that failed
   */
  public static Event addTo(Event event, HttpServletRequest request, String uri) {
    Event named =
        event
            .with("request_id", RequestIds.of(request))
            .with("client_request_id", RequestIds.ofClient(request))
            .with("trace_id", traceId(request).orElse(null))
            .with("tenant", tenant(request))
            .with("method", method(request));
    String path = path(request, uri);
    Optional<Route> route = Route.of(path);
    if (route.isEmpty()) {
      return named.with("path", cut(path, MAX_PATH));
    }
    named = named.with("route", route.get().template());
    for (Map.Entry<String, String> id : route.get().ids().entrySet()) {
      named = named.with(id.getKey(), cut(id.getValue(), MAX_ID));
    }
    return named;
  }

  /** Below the context root. */
  static String path(HttpServletRequest request, String uri) {
    String root = request.getContextPath();
    return uri.startsWith(root) ? uri.substring(root.length()) : uri;
  }

  /** A method of the standard, or {@code other}: clients can send any word. */
  static String method(HttpServletRequest request) {
    return METHODS.contains(request.getMethod()) ? request.getMethod() : "other";
  }

  /** Null before it is known who asks. */
  private static String tenant(HttpServletRequest request) {
    // Where AuthenticationFilter leaves it.
    return request.getAttribute(Callers.class.getName()) instanceof Callers callers
        ? callers.tenant()
        : null;
  }

  /** The trace that the server or an agent writes; where none does, the client's. */
  private static Optional<String> traceId(HttpServletRequest request) {
    SpanContext span = Span.current().getSpanContext();
    if (span.isValid()) {
      return Optional.of(span.getTraceId());
    }
    List<String> sent = Collections.list(request.getHeaders(TraceParent.HEADER));
    return sent.size() == 1 ? TraceParent.traceId(sent.get(0)) : Optional.empty();
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "...";
  }
}
