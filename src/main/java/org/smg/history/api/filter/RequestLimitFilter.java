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
import java.util.concurrent.TimeUnit;
import org.smg.history.api.error.ApiError;
import org.smg.history.limits.Allowance;
import org.smg.history.limits.RequestLimits;
import org.smg.history.security.Callers;

/**
 * Refuses requests of keys and tenants that send too many, before anything of them is read. Mapped
 * in web.xml, behind the authentication.
 */
public class RequestLimitFilter extends HttpFilter {

  private static final long serialVersionUID = 1L;

  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  @Inject private transient RequestLimits limits;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Callers callers = AuthenticationFilter.callers(request);
    if (allowedByKey(callers, response) && allowedByTenant(callers, response)) {
      chain.doFilter(request, response);
    }
  }

  private boolean allowedByKey(Callers callers, HttpServletResponse response) throws IOException {
    return callers.limit() == null
        || callers.limit().requestsPerMinute() == 0
        || allowed(
            limits.takeOfKey(callers.limit().key(), callers.limit().requestsPerMinute()),
            "the API key",
            response);
  }

  private boolean allowedByTenant(Callers callers, HttpServletResponse response)
      throws IOException {
    Optional<Allowance> allowance = limits.takeOfTenant(callers.tenant());
    return allowance.isEmpty() || allowed(allowance.get(), "the tenant", response);
  }

  /** Of two limits the headers tell the one of which less is left. */
  private static boolean allowed(Allowance allowance, String whose, HttpServletResponse response)
      throws IOException {
    String other = response.getHeader("x-ratelimit-remaining-requests");
    if (other == null || allowance.remaining() < Long.parseLong(other)) {
      response.setHeader("x-ratelimit-limit-requests", Integer.toString(allowance.limit()));
      response.setHeader("x-ratelimit-remaining-requests", Long.toString(allowance.remaining()));
      response.setHeader(
          "x-ratelimit-reset-requests", roundedUp(allowance.resetNanos(), MILLIS) + "ms");
    }
    if (!allowance.allowed()) {
      refusal(allowance, whose).sendTo(response);
    }
    return allowance.allowed();
  }

  private static ApiError refusal(Allowance allowance, String whose) {
    long millis = roundedUp(allowance.retryNanos(), MILLIS);
    return new ApiError(
        429,
        "Rate limit reached for %s: %d requests a minute. Please try again in %d ms."
            .formatted(whose, allowance.limit(), millis),
        null,
        "rate_limit_exceeded",
        Map.of(
            "Retry-After",
            Long.toString(roundedUp(allowance.retryNanos(), SECOND)),
            "retry-after-ms",
            Long.toString(millis)));
  }

  private static long roundedUp(long nanos, long unit) {
    return (nanos + unit - 1) / unit;
  }
}
