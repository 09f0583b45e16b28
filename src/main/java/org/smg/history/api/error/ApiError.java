package org.smg.history.api.error;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smg.history.gateway.ModelServerFailure;
import org.smg.history.json.JsonBody;
import org.smg.history.json.JsonOutput;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.JsonText;

/**
 * A failure as a client sees it: a status code and OpenAI's error object (api.md, section 7).
 *
 * @param param the member or parameter at fault, or null
 * @param code a word for programs, or null
 * @param headers further headers of the answer
 */
public record ApiError(
    int status, String message, String param, String code, Map<String, String> headers) {

  /** The code of a request to store more than the tenant or key may. */
  public static final String STORAGE_LIMIT_EXCEEDED = "storage_limit_exceeded";

  /** Where a request has the code of its error. */
  private static final String CODE = ApiError.class.getName() + ".code";

  /** OpenAI's error then has a type that says of what there were too many. */
  private static final int TOO_MANY_REQUESTS = 429;

  private static final String RETRY_AFTER_SECONDS = "1";

  /** How a client authenticates itself (RFC 6750, section 3). */
  private static final String CHALLENGE = "Bearer realm=\"history\"";

  /** OpenAI's: tells its clients whether to repeat a request, whatever the status. */
  private static final String SHOULD_RETRY = "x-should-retry";

  /** Headers that are taken over from an exception, if it has one of them. */
  private static final List<String> SAYS_WHAT_IS_ACCEPTED =
      List.of(HttpHeaders.ALLOW, HttpHeaders.ACCEPT_ENCODING);

  /**
   * How a failure is told.
   *
   * @param method of the request
   * @param path of the request, as it was sent
   */
  public static ApiError of(Throwable failure, String method, String path) {
    if (failure instanceof HistoryFailure known) {
      return of(known).answering(method);
    }
    if (failure instanceof WebApplicationException refused) {
      return of(refused, method, path).answering(method);
    }
    return of(500, method, path);
  }

  /** The model server's failure. Each repetition of a request that it was asked is paid for. */
  public static ApiError of(ModelServerFailure failure) {
    return new ApiError(
        failure.code().status(),
        failure.message(),
        null,
        failure.code().word(),
        failure.code().status() == 503
            ? Map.of(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS, SHOULD_RETRY, "false")
            : failure.asked() ? Map.of(SHOULD_RETRY, "false") : Map.of());
  }

  /** What a status code means where nothing else is known. */
  public static ApiError of(int status, String method, String path) {
    return meaning(status, method, path).answering(method);
  }

  private static ApiError meaning(int status, String method, String path) {
    return switch (status) {
      case 401 ->
          plain(status, "The server refused the credential of this request.", "invalid_api_key");
      case 403 -> plain(status, "The server refused this request.", "insufficient_permissions");
      case 404 -> plain(status, "Invalid URL (%s %s)".formatted(method, path), null);
      case 405 ->
          plain(status, "Not allowed to %s on %s".formatted(method, path), "method_not_supported");
      case 415 ->
          plain(
              status,
              "Unsupported content type. Expected 'application/json' in UTF-8.",
              "unsupported_content_type");
      default ->
          status >= 500
              ? plain(status, "The server had an error while processing your request.", null)
              : plain(status, "The request could not be understood.", null);
    };
  }

  private static ApiError of(HistoryFailure failure) {
    if (failure instanceof HistoryFailure.Invalid invalid) {
      return new ApiError(400, invalid.getMessage(), invalid.param(), invalid.code(), Map.of());
    }
    if (failure instanceof HistoryFailure.Unauthenticated unknown) {
      return new ApiError(
          401,
          unknown.getMessage(),
          null,
          "invalid_api_key",
          Map.of(
              HttpHeaders.WWW_AUTHENTICATE,
              unknown.credentialSent() ? CHALLENGE + ", error=\"invalid_token\"" : CHALLENGE));
    }
    if (failure instanceof HistoryFailure.Forbidden forbidden) {
      return new ApiError(403, forbidden.getMessage(), null, forbidden.code(), Map.of());
    }
    if (failure instanceof HistoryFailure.NotFound notFound) {
      return new ApiError(404, notFound.getMessage(), notFound.param(), null, Map.of());
    }
    if (failure instanceof HistoryFailure.UnknownReference unknown) {
      return new ApiError(404, unknown.getMessage(), unknown.param(), null, Map.of());
    }
    if (failure instanceof HistoryFailure.ItemAlreadyInConversation known) {
      return new ApiError(
          400, known.getMessage(), "items", "item_already_in_conversation", Map.of());
    }
    if (failure instanceof HistoryFailure.ResponseAlreadyRecorded recorded) {
      return new ApiError(400, recorded.getMessage(), "id", "response_already_recorded", Map.of());
    }
    if (failure instanceof HistoryFailure.ConversationLocked locked) {
      return new ApiError(
          400, locked.getMessage(), "conversation", "conversation_locked", Map.of());
    }
    if (failure instanceof HistoryFailure.ResponseInProgress running) {
      return plain(400, running.getMessage(), null);
    }
    if (failure instanceof HistoryFailure.ContextTooLong tooLong) {
      return plain(400, tooLong.getMessage(), "context_length_exceeded");
    }
    if (failure instanceof HistoryFailure.InProgress busy) {
      return new ApiError(
          409,
          busy.getMessage(),
          "Idempotency-Key",
          "idempotency_key_in_progress",
          Map.of(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS));
    }
    if (failure instanceof HistoryFailure.RunInProgress busy) {
      return new ApiError(
          409,
          busy.getMessage(),
          "Idempotency-Key",
          "idempotency_key_in_progress",
          Map.of(SHOULD_RETRY, "false"));
    }
    if (failure instanceof HistoryFailure.ChainCycle cycle) {
      return new ApiError(
          400, cycle.getMessage(), "previous_response_id", "response_chain_cycle", Map.of());
    }
    if (failure instanceof HistoryFailure.FilterTooBroad broad) {
      return plain(400, broad.getMessage(), "filter_too_broad");
    }
    return new ApiError(
        503,
        "The history is not available at the moment. Please retry in a few seconds.",
        null,
        null,
        Map.of(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS));
  }

  private static ApiError of(WebApplicationException refused, String method, String path) {
    int status = refused.getResponse().getStatus();
    if (refused instanceof BodyTooLarge) {
      return plain(status, refused.getMessage(), "body_too_large");
    }
    ApiError error =
        refused instanceof UnsupportedContentEncoding
            ? plain(status, refused.getMessage(), "unsupported_content_encoding")
            : meaning(status, method, path);
    for (String name : SAYS_WHAT_IS_ACCEPTED) {
      String value = refused.getResponse().getHeaderString(name);
      if (value != null) {
        return error.with(name, value);
      }
    }
    return error;
  }

  private static ApiError plain(int status, String message, String code) {
    return new ApiError(status, message, null, code, Map.of());
  }

  /**
   * The same error as the answer to a request of this method. OpenAI's clients repeat what is
   * answered with 500 or more, unless they are told not to. Whether a POST that failed was carried
   * out is not known, and each time it makes new ids: repeated, it would store everything twice.
   */
  private ApiError answering(String method) {
    return status >= 500 && method.equals("POST") ? with(SHOULD_RETRY, "false") : this;
  }

  /** The same error where the request can be repeated, because it had an idempotency key. */
  ApiError repeatable() {
    Map<String, String> fewer = new TreeMap<>(headers);
    fewer.remove(SHOULD_RETRY);
    return new ApiError(status, message, param, code, Map.copyOf(fewer));
  }

  private ApiError with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new ApiError(status, message, param, code, Map.copyOf(more));
  }

  /** Answers a request that does not reach JAX-RS. */
  public void sendTo(HttpServletRequest request, HttpServletResponse response) throws IOException {
    noteIn(request);
    JsonBody body = body();
    response.setStatus(status);
    headers.forEach(
        (name, value) -> {
          // The server's login may have set its own challenge.
          if (!response.containsHeader(name)) {
            response.setHeader(name, value);
          }
        });
    response.setContentType(MediaType.APPLICATION_JSON);
    response.setContentLengthLong(body.length());
    for (JsonText chunk : body.chunks()) {
      chunk.writeTo(response.getOutputStream());
    }
  }

  /** Leaves the code with the request, for {@link #codeOf}. */
  void noteIn(HttpServletRequest request) {
    if (code != null) {
      request.setAttribute(CODE, code);
    }
  }

  /**
   * The code of the error with which a request was answered, or null if it was none, or one without
   * a code.
   *
   * @param status of the answer, which tells where the server itself made the error
   */
  public static String codeOf(HttpServletRequest request, int status) {
    Object known = request.getAttribute(CODE);
    return known == null && status >= HttpServletResponse.SC_BAD_REQUEST
        ? meaning(status, "", "").code()
        : (String) known;
  }

  /** OpenAI's error object. */
  public JsonBody body() {
    return JsonOutput.error(message, type(), param, code);
  }

  private String type() {
    if (status == TOO_MANY_REQUESTS) {
      return STORAGE_LIMIT_EXCEEDED.equals(code) ? "insufficient_quota" : "requests";
    }
    return status >= 500 ? "server_error" : "invalid_request_error";
  }
}
