package org.smg.history.api.filter;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smg.history.api.error.ApiError;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.AccessControl;
import org.smg.history.security.ConsoleSwitch;

/**
 * Serves the files of the console, a page that reads the history as any other client of the API.
 * They hold nothing of the history, so they need no credential: the page asks for one. The servers'
 * own servlets for files send other headers, and each server others. Mapped in web.xml, in front of
 * the authentication.
 */
public class ConsoleFiles extends HttpFilter {

  private static final long serialVersionUID = 1L;

  private static final String FOLDER = "/console";
  private static final String FIRST = "/console/index.html";

  /**
   * Where the server itself serves nothing. GlassFish would answer a folder that it can see before
   * any filter is asked.
   */
  private static final String HIDDEN = "/WEB-INF";

  /** No other path is looked up: none that leads out of the folder, and no other kind of file. */
  private static final Pattern FILE =
      Pattern.compile("/console/(?:[a-z0-9-]+/)*[a-z0-9-]+\\.(html|css|js|svg)");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=UTF-8",
          "css", "text/css;charset=UTF-8",
          "js", "text/javascript;charset=UTF-8",
          "svg", "image/svg+xml;charset=UTF-8");

  /**
   * In place of some of {@link SecurityHeaders}. The page shows what people and models wrote:
   * nothing of it can run, load anything or send anything away, even if the page had a fault.
   */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
              + " 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
              + " require-trusted-types-for 'script'; trusted-types 'none'",
          "Cache-Control",
          "no-cache",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Referrer-Policy",
          "no-referrer",
          "X-Frame-Options",
          "DENY");

  @Inject private transient AccessControl accessControl;
  @Inject private transient ConsoleSwitch console;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException {
    try {
      accessControl.admitToFiles(new ServletSender(request, response));
    } catch (HistoryFailure refused) {
      ApiError.of(refused, request.getMethod(), request.getRequestURI()).sendTo(response);
      return;
    }
    String path = path(request);
    if (!console.on()) {
      refuse(HttpServletResponse.SC_NOT_FOUND, request, response);
    } else if (path.equals(FOLDER)) {
      // Relative, since only the browser knows under which name and path it reached the server.
      response.setStatus(HttpServletResponse.SC_FOUND);
      response.setHeader("Location", "console/");
    } else {
      serve(path.equals(FOLDER + "/") ? FIRST : path, request, response);
    }
  }

  private void serve(String path, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Matcher name = FILE.matcher(path);
    Optional<byte[]> file = name.matches() ? read(path) : Optional.empty();
    if (file.isEmpty()) {
      refuse(HttpServletResponse.SC_NOT_FOUND, request, response);
    } else if (!List.of("GET", "HEAD").contains(request.getMethod())) {
      response.setHeader("Allow", "GET, HEAD");
      refuse(HttpServletResponse.SC_METHOD_NOT_ALLOWED, request, response);
    } else {
      HEADERS.forEach(response::setHeader);
      send(file.get(), TYPES.get(name.group(1)), request, response);
    }
  }

  /** Browsers ask each time whether their copy is still the same, so that an upgrade counts. */
  private static void send(
      byte[] file, String type, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String tag = tag(file);
    response.setHeader("ETag", tag);
    if (tag.equals(request.getHeader("If-None-Match"))) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    response.setContentType(type);
    response.setContentLength(file.length);
    if (request.getMethod().equals("GET")) {
      response.getOutputStream().write(file);
    }
  }

  private Optional<byte[]> read(String path) throws IOException {
    try (InputStream in = getServletContext().getResourceAsStream(HIDDEN + path)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    }
  }

  private static void refuse(int status, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ApiError.of(status, request.getMethod(), request.getRequestURI()).sendTo(response);
  }

  /**
   * Below the context root, as it was sent: no file has a name that needs to be encoded, and
   * GlassFish gives servlets another path for a folder.
   */
  private static String path(HttpServletRequest request) {
    return request.getRequestURI().substring(request.getContextPath().length());
  }

  private static String tag(byte[] file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
      return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
