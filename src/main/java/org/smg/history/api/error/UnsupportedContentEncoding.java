package org.smg.history.api.error;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** A request body that is compressed or otherwise encoded. The answer names what is accepted. */
public class UnsupportedContentEncoding extends ClientErrorException {

  private static final long serialVersionUID = 1L;

  /**
   * @param encoding as the request names it
   */
  public UnsupportedContentEncoding(String encoding) {
    super(
        "Unsupported content encoding '%s'. Expected none, or 'identity'.".formatted(encoding),
        Response.status(Response.Status.UNSUPPORTED_MEDIA_TYPE)
            .header(HttpHeaders.ACCEPT_ENCODING, "identity")
            .build());
  }
}
