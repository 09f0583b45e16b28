package org.smg.history.api;

import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.security.Principal;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;

/** Who asks, and with which query. */
public class Request {

  /** The tenant of callers without credentials. */
  private static final String DEFAULT_TENANT = "default";

  @Context private UriInfo uri;
  @Context private SecurityContext security;

  Caller caller() {
    Principal user = security.getUserPrincipal();
    return new Caller(DEFAULT_TENANT, user == null ? null : user.getName());
  }

  Query query() {
    try {
      return new Query(uri.getQueryParameters());
    } catch (IllegalArgumentException malformed) {
      throw new HistoryFailure.Invalid(
          null, "invalid_url", "The URL is not properly percent-encoded.");
    }
  }
}
