package org.smg.history.api.filter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * A request as JAX-RS is to see it, so that all servers understand it the same way: with a URL in
 * which nothing is left that they read differently, and without the headers that are not negotiated
 * here and that they would try to parse. Answers are JSON whatever a client accepts.
 */
public final class NormalizedRequest extends HttpServletRequestWrapper {

  private static final String ACCEPT = "accept";

  /** An attribute, which is found through whatever wraps this request further. */
  private static final String ACCEPTED = NormalizedRequest.class.getName() + ".accept";

  private final String uri;
  private final String query;

  /**
   * @param request with a properly encoded URL
   */
  NormalizedRequest(HttpServletRequest request) {
    super(request);
    String sentQuery = request.getQueryString();
    this.uri = PercentEncoding.escapePath(request.getRequestURI());
    this.query = sentQuery == null ? null : PercentEncoding.escapeQuery(sentQuery);
  }

  @Override
  public String getRequestURI() {
    return uri;
  }

  @Override
  public StringBuffer getRequestURL() {
    StringBuffer url = super.getRequestURL();
    url.setLength(url.indexOf("/", url.indexOf("//") + 2));
    return url.append(uri);
  }

  @Override
  public String getQueryString() {
    return query;
  }

  @Override
  public String getContentType() {
    return getHeader(HttpHeaders.CONTENT_TYPE);
  }

  @Override
  public String getHeader(String name) {
    if (isHidden(name)) {
      return null;
    }
    String value = super.getHeader(name);
    return value != null && name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
        ? ContentType.of(value)
        : value;
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    if (isHidden(name)) {
      return Collections.emptyEnumeration();
    }
    if (name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)) {
      String value = getHeader(name);
      return value == null
          ? Collections.emptyEnumeration()
          : Collections.enumeration(List.of(value));
    }
    return super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    List<String> names = Collections.list(super.getHeaderNames());
    names.removeIf(NormalizedRequest::isHidden);
    return Collections.enumeration(names);
  }

  /**
   * The header {@code Accept}, for an answer that comes in several formats; null if there is none.
   */
  public static String accepted(HttpServletRequest request) {
    return (String) request.getAttribute(ACCEPTED);
  }

  @Override
  public Object getAttribute(String name) {
    return name.equals(ACCEPTED) ? super.getHeader(ACCEPT) : super.getAttribute(name);
  }

  /** {@code Accept}, {@code Accept-Language} and the like. */
  private static boolean isHidden(String name) {
    return name.regionMatches(true, 0, ACCEPT, 0, ACCEPT.length());
  }
}
