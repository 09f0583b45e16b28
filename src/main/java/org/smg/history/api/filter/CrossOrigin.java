package org.smg.history.api.filter;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.smg.history.config.Settings;

/**
 * Lets pages of the origins that an administrator named call the service (CORS). A page sends its
 * credential itself, in a header: browsers are never told to add cookies or the like. Mapped in
 * web.xml, in front of the authentication, because a browser asks without any credential.
 */
public class CrossOrigin extends HttpFilter {

  private static final long serialVersionUID = 1L;

  private static final String METHODS = "GET, POST, PUT, DELETE";

  /** What a page may send, in lower case. */
  private static final Set<String> REQUEST_HEADERS =
      Set.of(
          "accept",
          "authorization",
          "content-type",
          "idempotency-key",
          "user-agent",
          "x-access-reason",
          "x-client-request-id",
          "x-model-authorization");

  /** How the names of further headers begin that OpenAI's SDKs send. */
  private static final Set<String> SDK_HEADERS = Set.of("x-stainless-", "openai-");

  /** What a page may read. */
  private static final String ANSWER_HEADERS =
      "x-request-id, retry-after, retry-after-ms, x-should-retry, x-ratelimit-limit-requests,"
          + " x-ratelimit-remaining-requests, x-ratelimit-reset-requests,"
          + " x-ratelimit-limit-stored-bytes, x-ratelimit-remaining-stored-bytes,"
          + " x-history-response-id";

  private static final String TEN_MINUTES = "600";

  @Inject private transient Settings settings;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Set<String> origins = settings.corsOrigins();
    if (!origins.isEmpty()) {
      response.setHeader("Vary", "Origin");
    }
    String origin = request.getHeader("Origin");
    if (origin == null || !origins.contains(origin)) {
      chain.doFilter(request, response);
      return;
    }
    response.setHeader("Access-Control-Allow-Origin", origin);
    if (isPreflight(request)) {
      response.setHeader("Access-Control-Allow-Methods", METHODS);
      response.setHeader("Access-Control-Allow-Headers", allowed(request));
      response.setHeader("Access-Control-Max-Age", TEN_MINUTES);
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    } else {
      response.setHeader("Access-Control-Expose-Headers", ANSWER_HEADERS);
      chain.doFilter(request, response);
    }
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  /**
   * Those of the requested headers that are allowed, since their names cannot be listed by a
   * pattern.
   */
  private static String allowed(HttpServletRequest request) {
    String requested = request.getHeader("Access-Control-Request-Headers");
    return requested == null
        ? ""
        : Arrays.stream(requested.toLowerCase(Locale.ROOT).split(","))
            .map(String::strip)
            .filter(CrossOrigin::mayBeSent)
            .collect(Collectors.joining(", "));
  }

  private static boolean mayBeSent(String header) {
    return REQUEST_HEADERS.contains(header)
        || header.matches("[a-z0-9-]{1,64}") && SDK_HEADERS.stream().anyMatch(header::startsWith);
  }
}
