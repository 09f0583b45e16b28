package org.smg.history.api;

import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.security.Principal;
import java.util.Set;
import org.smg.history.model.Caller;

/** Who asks, and with which query. */
public class Request {

  /** The tenant of callers without credentials. */
  private static final String DEFAULT_TENANT = "default";

  @Context private UriInfo uri;
  @Context private SecurityContext security;

  Caller caller() {
    Principal user = security.getUserPrincipal();
    return new Caller(DEFAULT_TENANT, user == null ? null : user.getName(), Set.of());
  }

  Query query() {
    return new Query(uri.getQueryParameters());
  }
}
