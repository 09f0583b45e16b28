package org.smg.history.api;

import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import org.smg.history.model.Caller;
import org.smg.history.security.Callers;

/** Who asks, and with which query. */
public class Request {

  @Context private UriInfo uri;
  @Context private SecurityContext security;

  Caller caller() {
    return Callers.of(security.getUserPrincipal());
  }

  Query query() {
    return new Query(uri.getQueryParameters());
  }
}
