package org.smg.history.api;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.smg.history.json.JsonBody;

/**
 * Successful answers: always 200 and JSON, whatever the client accepts. Clients that stream accept
 * only events, and still expect JSON where nothing is streamed.
 */
final class JsonResponses {

  private JsonResponses() {}

  static Response ok(JsonBody body) {
    return Response.ok(body, MediaType.APPLICATION_JSON_TYPE).build();
  }
}
