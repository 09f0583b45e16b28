package org.smg.history.api;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.security.auth.x500.X500Principal;
import org.smg.history.api.error.ApiError;
import org.smg.history.api.error.ErrorPage;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.AccessControl;
import org.smg.history.security.Callers;
import org.smg.history.security.authentication.Sender;

/**
 * Finds out who makes a request, before anything else of it is read, and refuses those of whom that
 * is not known. Mapped in web.xml, where its place among the filters is fixed.
 */
public class AuthenticationFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;
  private static final Logger LOG = Logger.getLogger(AuthenticationFilter.class.getName());
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
  static Callers callers(HttpServletRequest request) {
    return (Callers) request.getAttribute(ATTRIBUTE);
  }

  private record ServletSender(HttpServletRequest request, HttpServletResponse response)
      implements Sender {

    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    @Override
    public String address() {
      return request.getRemoteAddr();
    }

    @Override
    public Collection<String> headerNames() {
      return Collections.list(request.getHeaderNames());
    }

    @Override
    public List<String> headers(String name) {
      return Collections.list(request.getHeaders(name));
    }

    @Override
    public Optional<X500Principal> certificate() {
      return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain
              && chain.length > 0
          ? Optional.of(chain[0].getSubjectX500Principal())
          : Optional.empty();
    }

    @Override
    public Optional<Principal> login() {
      try {
        if (request.authenticate(response)) {
          return Optional.ofNullable(request.getUserPrincipal());
        }
      } catch (ServletException refused) {
        LOG.log(Level.FINE, "The server refused a login", refused);
        return Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (response.getStatus() == HttpServletResponse.SC_OK) {
        throw new HistoryFailure.Forbidden(
            "authentication_not_configured",
            "The server has no login (history-auth=container). Administrators: on Open Liberty add"
                + " the feature appSecurity-5.0 and a user registry.");
      }
      return Optional.empty();
    }

    @Override
    public boolean isInRole(String role) {
      return request.isUserInRole(role);
    }
  }
}
