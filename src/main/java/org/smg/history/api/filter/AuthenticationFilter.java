package org.smg.history.api.filter;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.smg.history.api.error.ApiError;
import org.smg.history.api.error.ErrorPage;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.AccessControl;
import org.smg.history.security.Callers;

/**
 * Finds out who makes a request, before anything else of it is read, and refuses those of whom that
 * is not known. Mapped in web.xml, where its place among the filters is fixed.
 */
public class AuthenticationFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final String ATTRIBUTE = Callers.class.getName();

  @Inject private transient AccessControl accessControl;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      request.setAttribute(ATTRIBUTE, accessControl.admit(new ServletSender(request, response)));
    } catch (HistoryFailure refused) {
      ErrorPage.refuse(
          request, response, ApiError.of(refused, request.getMethod(), request.getRequestURI()));
      return;
    }
    chain.doFilter(request, response);
  }

  /** Makes the caller of a request that has passed this filter. */
  public static Callers callers(HttpServletRequest request) {
    return (Callers) request.getAttribute(ATTRIBUTE);
  }
}
