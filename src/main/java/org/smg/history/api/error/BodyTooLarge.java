package org.smg.history.api.error;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response;

/** A request body over the configured limit. */
public class BodyTooLarge extends ClientErrorException {

  private static final long serialVersionUID = 1L;

  /**
   * @param limit the largest size that is allowed, in bytes
   */
  public BodyTooLarge(int limit) {
    super(
        "The body is too large. Expected at most %d bytes.".formatted(limit),
        Response.Status.REQUEST_ENTITY_TOO_LARGE);
  }
}
