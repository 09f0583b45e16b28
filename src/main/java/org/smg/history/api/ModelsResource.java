package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.smg.history.security.Endpoint;

/**
 * {@code /v1/models} where there is no model server. Where there is one, a filter takes these
 * requests before they come here.
 */
@ApplicationScoped
@Path("models")
public class ModelsResource {

  @GET
  public Response list(@BeanParam Request request) {
    request.caller(Endpoint.LIST_MODELS);
    throw NoModelServer.failure();
  }

  @GET
  @Path("{model}")
  public Response get(@BeanParam Request request) {
    request.caller(Endpoint.GET_MODEL);
    throw NoModelServer.failure();
  }
}
