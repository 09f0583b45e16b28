package org.smg.history.api;

import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import org.smg.history.model.Caller;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.security.Callers;

/** Who asks, and with which query. */
public class Request {

  @Context private UriInfo uri;
  @Context private SecurityContext security;

  Caller caller() {
    return Callers.of(security.getUserPrincipal());
  }

  /**
   * The key under which this POST is carried out once.
   *
   * @param value of the header, or null
   */
  IdempotencyKey idempotencyKey(String value, RequestBody body) {
    return IdempotencyKey.of(value, uri.getPath(), body.bytes());
  }

  Query query() {
    return new Query(uri.getQueryParameters());
  }
}
