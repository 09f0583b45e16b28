package org.smg.history.api;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.smg.history.json.JsonBody;

/**
 * What a success looks like: always 200 and always JSON, whatever the client says it accepts, since
 * clients that stream ask for events and still expect JSON where nothing is streamed.
 */
final class JsonResponses {

  private JsonResponses() {}

  static Response ok(JsonBody body) {
    return Response.ok(body, MediaType.APPLICATION_JSON_TYPE).build();
  }
}
