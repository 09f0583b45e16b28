package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.Endpoint;

/**
 * What a model server answers, where there is none. Where there is one, {@link GatewayFilter} takes
 * these requests before they come here.
 */
@ApplicationScoped
@Path("")
public class ModelServerResource {

  @POST
  @Path("chat/completions")
  public Response chat(@BeanParam Request request) {
    request.caller(Endpoint.CREATE_CHAT_COMPLETION);
    throw notConfigured();
  }

  @POST
  @Path("embeddings")
  public Response embeddings(@BeanParam Request request) {
    request.caller(Endpoint.CREATE_EMBEDDINGS);
    throw notConfigured();
  }

  @GET
  @Path("models")
  public Response models(@BeanParam Request request) {
    request.caller(Endpoint.LIST_MODELS);
    throw notConfigured();
  }

  @GET
  @Path("models/{model}")
  public Response model(@BeanParam Request request) {
    request.caller(Endpoint.GET_MODEL);
    throw notConfigured();
  }

  private static HistoryFailure notConfigured() {
    return new HistoryFailure.Invalid(
        null,
        "model_server_not_configured",
        "No model server is configured. Administrators: set model-server-url.");
  }
}
