package org.smg.history.api.trace;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Gives every answer an {@code x-request-id}, by which a client's report and the server's log find
 * each other (api.md, section 1.4), and the request's span its name. Mapped in web.xml, where its
 * place among the filters is fixed.
 */
public class RequestIds extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final String ATTRIBUTE = RequestIds.class.getName();

  /** What a client may call a request in our log; other names are left out. */
  private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    // An error page is served after the request that failed, which has its id already, or, if the
    // server refused that request, without it.
    if (request.getAttribute(ATTRIBUTE) == null) {
      request.setAttribute(ATTRIBUTE, next());
      RequestSpan.name(request);
    }
    response.setHeader("x-request-id", request.getAttribute(ATTRIBUTE).toString());
    chain.doFilter(request, response);
  }

  private static String next() {
    HexFormat hex = HexFormat.of();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return "req_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }

  /** The id that the answer has, or null where the server refused the request before. */
  static Object of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE);
  }

  /** The id that the client gave, or null if it gave none that can be shown. */
  static String ofClient(HttpServletRequest request) {
    String client = request.getHeader("X-Client-Request-Id");
    return client != null && CLIENT_ID.matcher(client).matches() ? client : null;
  }
}
