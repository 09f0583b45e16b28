package org.smg.history.api.filter;

import jakarta.servlet.ServletException;
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
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Sender;

/**
 * What a servlet request tells of its sender.
 *
 * @param response gets the challenge of the server's login
 */
record ServletSender(HttpServletRequest request, HttpServletResponse response) implements Sender {

  private static final Logger LOG = Logger.getLogger(ServletSender.class.getName());
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

  @Override
  public String address() {
    return request.getRemoteAddr();
  }

  @Override
  public String method() {
    return request.getMethod();
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
    return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0
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
