package org.smg.history.api;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.util.regex.Pattern;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.Callers;

/** Who asks, and with which query. */
public class Request {

  private static final Pattern PERCENT_ENCODED =
      Pattern.compile("[^%]*+(?:%\\p{XDigit}{2}[^%]*+)*+");

  @Context private UriInfo uri;
  @Context private HttpServletRequest request;
  @Context private SecurityContext security;

  Caller caller() {
    return Callers.of(security.getUserPrincipal());
  }

  Query query() {
    // What is broken, servers read differently: as it stands, or not at all.
    String query = request.getQueryString();
    if (query != null && !PERCENT_ENCODED.matcher(query).matches()) {
      throw new HistoryFailure.Invalid(
          null, "invalid_url", "The URL is not properly percent-encoded.");
    }
    return new Query(uri.getQueryParameters());
  }
}
