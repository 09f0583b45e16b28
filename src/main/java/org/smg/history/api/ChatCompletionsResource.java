package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.smg.history.security.Endpoint;

/**
 * {@code /v1/chat/completions} where there is no model server. Where there is one, a filter takes
 * these requests before they come here.
 */
@ApplicationScoped
@Path("chat/completions")
public class ChatCompletionsResource {

  @POST
  public Response create(@BeanParam Request request) {
    request.caller(Endpoint.CREATE_CHAT_COMPLETION);
    throw NoModelServer.failure();
  }
}
