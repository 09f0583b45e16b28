package org.smg.history.api.filter;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.smg.history.api.error.ApiError;
import org.smg.history.limits.StorageAllowance;
import org.smg.history.limits.StoredBytes;
import org.smg.history.security.Callers;
import org.smg.history.security.authentication.KeyLimit;

/**
 * Refuses to store more for keys and tenants that have stored too much, before the body is read.
 * They still read and delete. Mapped in web.xml, behind the limits of requests.
 */
public class StoredBytesFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;

  private static final Set<String> STORING = Set.of("POST", "PUT");

  private static final String RETRY_AFTER_SECONDS = "60";

  @Inject private transient StoredBytes limits;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Callers callers = AuthenticationFilter.callers(request);
    boolean stores = STORING.contains(request.getMethod());
    if (goesOn(ofKey(callers), "The API key", stores, response)
        && goesOn(limits.ofTenant(callers.tenant()), "The tenant", stores, response)) {
      chain.doFilter(request, response);
    }
  }

  private Optional<StorageAllowance> ofKey(Callers callers) {
    KeyLimit own = callers.limit();
    return own == null || own.storedMegabytes() == 0
        ? Optional.empty()
        : Optional.of(limits.ofKey(callers.tenant(), own.key(), own.storedMegabytes()));
  }

  /** Of two limits the headers tell the one of which less is left. */
  private static boolean goesOn(
      Optional<StorageAllowance> limit, String whose, boolean stores, HttpServletResponse response)
      throws IOException {
    if (limit.isEmpty()) {
      return true;
    }
    StorageAllowance allowance = limit.get();
    String other = response.getHeader("x-ratelimit-remaining-stored-bytes");
    if (other == null || allowance.remaining() < Long.parseLong(other)) {
      response.setHeader("x-ratelimit-limit-stored-bytes", Long.toString(allowance.limit()));
      response.setHeader(
          "x-ratelimit-remaining-stored-bytes", Long.toString(allowance.remaining()));
    }
    boolean refused = stores && !allowance.allowed();
    if (refused) {
      refusal(allowance, whose).sendTo(response);
    }
    return !refused;
  }

  /** Waiting alone does not help, so OpenAI's clients are told not to repeat the request. */
  private static ApiError refusal(StorageAllowance allowance, String whose) {
    return new ApiError(
        429,
        "%s has stored as much as it may: %d bytes. Delete conversations or responses, or ask an administrator for more."
            .formatted(whose, allowance.limit()),
        null,
        ApiError.STORAGE_LIMIT_EXCEEDED,
        Map.of("Retry-After", RETRY_AFTER_SECONDS, "x-should-retry", "false"));
  }
}
