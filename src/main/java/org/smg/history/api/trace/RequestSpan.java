package org.smg.history.api.trace;

import io.opentelemetry.api.trace.Span;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.smg.history.security.Endpoint;

/**
 * What the server's span of a request is called, where the server or an agent makes spans. Without
 * them there is no span, and nothing is done.
 */
public final class RequestSpan {

  /** The agent overwrites {@code http.route} on some servers, so that the names are our own. */
  private static final String ROUTE = "history.route";

  private static final String TENANT = "history.tenant";
  private static final String REQUEST_ID = "history.request_id";

  private RequestSpan() {}

  /** Names the span of a request of which no more is known than its path. */
  static void name(HttpServletRequest request) {
    Span span = Span.current();
    if (span.isRecording()) {
      Optional<Route> route = Route.of(RequestFields.path(request, request.getRequestURI()));
      route.ifPresent(known -> name(span, RequestFields.method(request), known.template()));
      span.setAttribute(REQUEST_ID, String.valueOf(RequestIds.of(request)));
    }
  }

  /** Names the span of a request whose caller may do what it asks for. */
  public static void admitted(HttpServletRequest request, Endpoint endpoint, String tenant) {
    // On Open Liberty it is another span than the one of the filters.
    Span span = Span.current();
    if (span.isRecording()) {
      name(span, RequestFields.method(request), Route.template(endpoint));
      span.setAttribute(REQUEST_ID, String.valueOf(RequestIds.of(request)));
      span.setAttribute(TENANT, tenant);
    }
  }

  private static void name(Span span, String method, String template) {
    span.updateName(method + " " + template);
    span.setAttribute(ROUTE, template);
  }
}
