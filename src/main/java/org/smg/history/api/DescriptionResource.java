package org.smg.history.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.ServletContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.smg.history.security.Endpoint;

/** {@code /v1/openapi.yaml}: this interface, described for tools. */
@ApplicationScoped
@Path("openapi.yaml")
public class DescriptionResource {

  /** In the WAR itself: on the class path a library or the server could have one of its own. */
  private static final String FILE = "/WEB-INF/classes/META-INF/openapi.yaml";

  /** RFC 9512. */
  private static final MediaType YAML = new MediaType("application", "yaml");

  @GET
  public Response get(@BeanParam Request request, @Context ServletContext application)
      throws IOException {
    request.caller(Endpoint.GET_DESCRIPTION);
    try (InputStream file = application.getResourceAsStream(FILE)) {
      return Response.ok(file.readAllBytes(), YAML).build();
    }
  }
}
