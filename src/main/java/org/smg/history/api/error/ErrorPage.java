package org.smg.history.api.error;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import org.smg.history.model.JsonText;

/**
 * Answers with an error object where the server itself refuses a request, and everything outside of
 * the API, so that the server's own servlet for files has no say.
 */
@WebServlet({ErrorPage.PATH, "/"})
public class ErrorPage extends HttpServlet {

  /** Named in web.xml. */
  static final String PATH = "/error";

  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    // Asked for by a client, this page is as unknown as any other.
    ApiError error =
        ApiError.of(
            status instanceof Integer code ? code : HttpServletResponse.SC_NOT_FOUND,
            request.getMethod(),
            path == null ? request.getRequestURI() : path.toString());
    response.setStatus(error.status());
    response.setContentType(MediaType.APPLICATION_JSON);
    response.setContentLengthLong(error.body().length());
    for (JsonText chunk : error.body().chunks()) {
      chunk.writeTo(response.getOutputStream());
    }
  }
}
