package org.smg.history.api.error;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.smg.history.model.HistoryFailure;
import org.smg.history.rules.IdempotencyKey;

/** Answers every failure of the API with an error object, and logs those of the server. */
@Provider
public class FailureMapper implements ExceptionMapper<Throwable> {

  private static final Logger LOG = Logger.getLogger(FailureMapper.class.getName());

  @Context private HttpServletRequest request;

  @Override
  public Response toResponse(Throwable failure) {
    ApiError error = error(failure);
    error.noteIn(request);
    if (failure instanceof HistoryFailure.Unavailable away) {
      // One line without a stack trace: while the backend does not answer, every request fails.
      LOG.log(Level.WARNING, () -> named(away.getMessage() + reason(away.getCause())));
    } else if (error.status() >= 500) {
      LOG.log(Level.SEVERE, failure, () -> named("failed"));
    }
    Response.ResponseBuilder answer =
        Response.status(error.status()).type(MediaType.APPLICATION_JSON).entity(error.body());
    error.headers().forEach(answer::header);
    return answer.build();
  }

  private ApiError error(Throwable failure) {
    ApiError error = ApiError.of(failure, request.getMethod(), request.getRequestURI());
    return request.getHeader(IdempotencyKey.HEADER) == null ? error : error.repeatable();
  }

  private String named(String what) {
    return "%s %s: %s (%s)"
        .formatted(request.getMethod(), request.getRequestURI(), what, RequestIds.of(request));
  }

  private static String reason(Throwable cause) {
    return cause == null || cause.getMessage() == null
        ? ""
        : " " + cause.getMessage().lines().findFirst().orElse("");
  }
}
