package org.smg.history.bench.limit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads whatever is sent, and answers as many bytes as the path asks for. */
@ApplicationScoped
@Path("{bytes}")
public class LimitResource {

  private final Map<Integer, byte[]> answers = new ConcurrentHashMap<>();

  @GET
  public Response get(@PathParam("bytes") int bytes) {
    return answer(bytes);
  }

  @POST
  public Response post(@PathParam("bytes") int bytes, byte[] body) {
    return answer(bytes);
  }

  @PUT
  public Response put(@PathParam("bytes") int bytes, byte[] body) {
    return answer(bytes);
  }

  private Response answer(int bytes) {
    return Response.ok(answers.computeIfAbsent(bytes, byte[]::new), MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CONTENT_LENGTH, bytes)
        .build();
  }
}
