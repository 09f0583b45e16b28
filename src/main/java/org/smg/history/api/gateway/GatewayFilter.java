package org.smg.history.api.gateway;

import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.api.Request;
import org.smg.history.api.RequestBody;
import org.smg.history.api.error.ApiError;
import org.smg.history.api.error.BodyTooLarge;
import org.smg.history.api.error.FaultLog;
import org.smg.history.api.metrics.LaterAnswer;
import org.smg.history.api.trace.RequestFields;
import org.smg.history.gateway.AnswerOutput;
import org.smg.history.gateway.ModelRequest;
import org.smg.history.gateway.ModelServer;
import org.smg.history.limits.OpenStreams;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.AccessControl;

/**
 * Takes the requests that a model server answers, where there is one. A filter, because JAX-RS
 * would hold a thread for each stream, and would collect what is to leave at once. Mapped in
 * web.xml, behind all other filters.
 */
public class GatewayFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = Logger.getLogger(GatewayFilter.class.getName());

  private static final String MODEL_AUTHORIZATION = "X-Model-Authorization";

  /** Of a request's headers, what concerns the model server. */
  private static final List<String> RELAYED =
      List.of(
          "Content-Type",
          "Idempotency-Key",
          "traceparent",
          "tracestate",
          "OpenAI-Beta",
          "OpenAI-Organization",
          "OpenAI-Project");

  @Inject private transient ModelServer modelServer;
  @Inject private transient OpenStreams openStreams;
  @Inject private transient AccessControl accessControl;
  @Inject private transient EventLog log;
  @Inject private transient FaultLog faults;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Optional<GatewayRoute> route =
        modelServer.isConfigured()
            ? GatewayRoute.of(request.getMethod(), path(request))
            : Optional.empty();
    if (route.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    try {
      passThrough(route.get(), request, response);
    } catch (HistoryFailure | WebApplicationException refused) {
      ApiError error = ApiError.of(refused, request.getMethod(), request.getRequestURI());
      faults.write(request, error, refused);
      error.sendTo(request, response);
    }
  }

  private static String path(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  private void passThrough(
      GatewayRoute route, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Caller caller = Request.caller(request, route.endpoint());
    StreamPlaces places = new StreamPlaces();
    Optional<ApiError> full = places.take(openStreams, Request.callers(request));
    if (full.isPresent()) {
      full.get().sendTo(request, response);
      return;
    }
    boolean accepted = false;
    try {
      accepted = ask(route, caller, request, () -> output(request, response, places));
    } finally {
      if (!accepted) {
        places.giveBack();
      }
    }
    if (!accepted) {
      StreamPlaces.full("This server", modelServer.maxStreams()).sendTo(request, response);
    }
  }

  /**
   * @return whether the model server was asked
   */
  private boolean ask(
      GatewayRoute route, Caller caller, HttpServletRequest request, Supplier<AnswerOutput> output)
      throws IOException {
    ModelRequest asked =
        new ModelRequest(
            request.getMethod(),
            route.path(path(request)),
            relayed(request),
            authorization(request),
            body(request));
    return switch (route) {
      case RESPONSES -> modelServer.respond(caller, asked, output);
      case CHAT_COMPLETIONS -> modelServer.completeChat(caller, asked, output);
      default -> modelServer.passThrough(asked, output);
    };
  }

  /** From here on the answer is written by whoever has something of it. */
  private AnswerOutput output(
      HttpServletRequest request, HttpServletResponse response, StreamPlaces places) {
    // Not the request itself is kept: on Open Liberty it may be another one's by then.
    Event event =
        RequestFields.addTo(
            Event.of("model_answer", "An answer of the model server has been relayed"), request);
    LaterAnswer answer = LaterAnswer.to(request);
    AsyncContext async = request.startAsync();
    async.setTimeout(0);
    return new AsyncServletOutput(
        async,
        response,
        modelServer::execute,
        (status, code, bytes, millis, ended) -> {
          answer.end(status, code);
          log.write(
              LOG,
              Level.INFO,
              event
                  .with("status", status)
                  .with("error_code", code)
                  .with("bytes", bytes)
                  .with("ms", millis)
                  .with("ended", ended));
        },
        places::giveBack);
  }

  private byte[] body(HttpServletRequest request) throws IOException {
    try {
      return RequestBody.read(
              request.getInputStream(),
              request.getContentType(),
              Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING)),
              modelServer.maxRequestBytes())
          .bytes();
    } catch (BodyTooLarge tooLarge) {
      throw new HistoryFailure.Invalid(
          null,
          "context_length_exceeded",
          "The request has more than %d bytes, which is what may be sent to the model server."
              .formatted(modelServer.maxRequestBytes()));
    }
  }

  private static List<ModelRequest.Header> relayed(HttpServletRequest request) {
    List<ModelRequest.Header> relayed = new ArrayList<>();
    for (String name : RELAYED) {
      String value = request.getHeader(name);
      if (value != null) {
        relayed.add(new ModelRequest.Header(name, value));
      }
    }
    return relayed;
  }

  /** A credential that is meant for this service is not sent on. */
  private Optional<String> authorization(HttpServletRequest request) {
    String forModelServer = request.getHeader(MODEL_AUTHORIZATION);
    if (forModelServer != null) {
      return Optional.of(forModelServer);
    }
    return accessControl.ignoresCredentials() && !modelServer.hasApiKey()
        ? Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        : Optional.empty();
  }
}
