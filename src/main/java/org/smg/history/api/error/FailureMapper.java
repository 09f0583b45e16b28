package org.smg.history.api.error;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import org.smg.history.rules.IdempotencyKey;

/** Answers every failure of the API with an error object, and logs those of the server. */
@Provider
@Dependent
public class FailureMapper implements ExceptionMapper<Throwable> {

  @Context private HttpServletRequest request;

  @Inject private FaultLog faults;

  @Override
  public Response toResponse(Throwable failure) {
    ApiError error = error(failure);
    error.noteIn(request);
    faults.write(request, error, failure);
    Response.ResponseBuilder answer =
        Response.status(error.status()).type(MediaType.APPLICATION_JSON).entity(error.body());
    error.headers().forEach(answer::header);
    return answer.build();
  }

  private ApiError error(Throwable failure) {
    ApiError error = ApiError.of(failure, request.getMethod(), request.getRequestURI());
    return request.getHeader(IdempotencyKey.HEADER) == null ? error : error.repeatable();
  }
}
