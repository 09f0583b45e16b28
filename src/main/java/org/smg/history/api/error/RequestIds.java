package org.smg.history.api.error;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives every answer an {@code x-request-id}, by which a client's report and the server's log find
 * each other (api.md, section 1.4). Mapped in web.xml, where its place among the filters is fixed.
 */
public class RequestIds extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final String ATTRIBUTE = RequestIds.class.getName();

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    // An error page is served after the request that failed, which has its id already, or, if the
    // server refused that request, without it.
    if (request.getAttribute(ATTRIBUTE) == null) {
      request.setAttribute(ATTRIBUTE, next());
    }
    response.setHeader("x-request-id", request.getAttribute(ATTRIBUTE).toString());
    chain.doFilter(request, response);
  }

  private static String next() {
    HexFormat hex = HexFormat.of();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** How the log names a request: by its id here and, if the client gave one, its id there. */
  public static String of(HttpServletRequest request) {
    String client = request.getHeader("X-Client-Request-Id");
    return request.getAttribute(ATTRIBUTE) + (client == null ? "" : ", client's " + client);
  }
}
