package org.smg.history.api.error;

import jakarta.inject.Inject;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers with an error object where the server itself refuses a request, and everything outside of
 * the API: it stands in the place of the server's own servlets for files and for JSP.
 */
@WebServlet({ErrorPage.PATH, "/", "*.jsp", "*.jspx"})
public class ErrorPage extends HttpServlet {

  /** Named in web.xml. */
  static final String PATH = "/error";

  private static final long serialVersionUID = 1L;
  private static final String KNOWN = ApiError.class.getName();

  @Inject private transient FaultLog faults;

  /**
   * Answers a request that is not passed on. If the server has refused it already, as GlassFish
   * does when a login fails, the answer is what this page will say.
   */
  public static void refuse(
      HttpServletRequest request, HttpServletResponse response, ApiError error) throws IOException {
    if (response.isCommitted()) {
      error.noteIn(request);
      request.setAttribute(KNOWN, error);
    } else {
      error.sendTo(request, response);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    // There is no status if a client asks for this path itself: 404, as for any unknown path.
    ApiError error =
        request.getAttribute(KNOWN) instanceof ApiError known
            ? known
            : ApiError.of(
                status instanceof Integer code ? code : HttpServletResponse.SC_NOT_FOUND,
                request.getMethod(),
                path == null ? request.getRequestURI() : path.toString());
    if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure) {
      faults.write(request, String.valueOf(path), error, failure);
    }
    error.sendTo(request, response);
  }

  /** Open Liberty answers TRACE itself, in HTML, unless a servlet declares this method. */
  @Override
  protected void doTrace(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    service(request, response);
  }
}
