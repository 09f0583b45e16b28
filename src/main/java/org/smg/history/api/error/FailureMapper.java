package org.smg.history.api.error;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Answers every failure of the API with an error object. Faults of the server are logged. */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {

  private static final Logger LOG = Logger.getLogger(FailureMapper.class.getName());

  @Context private HttpServletRequest request;

  @Override
  public Response toResponse(Throwable failure) {
    ApiError error = ApiError.of(failure, request.getMethod(), request.getRequestURI());
    if (error.status() >= 500) {
      LOG.log(
          Level.SEVERE,
          failure,
          () ->
              "%s %s failed (%s)"
                  .formatted(request.getMethod(), request.getRequestURI(), RequestIds.of(request)));
    }
    Response.ResponseBuilder answer =
        Response.status(error.status()).type(MediaType.APPLICATION_JSON).entity(error.body());
    error.headers().forEach(answer::header);
    return answer.build();
  }
}
