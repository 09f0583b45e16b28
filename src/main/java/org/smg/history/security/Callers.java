package org.smg.history.security;

import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.security.authentication.Identity;
import org.smg.history.security.authentication.KeyLimit;
import org.smg.history.security.authentication.Role;

/** Makes the caller of a request whose sender is known; nothing else makes callers. */
public final class Callers {

  /** Where a reviewer says why. */
  public static final String REASON_HEADER = "X-Access-Reason";

  private static final Logger LOG = Logger.getLogger(Callers.class.getName());

  private final Identity identity;
  private final Access access;

  Callers(Identity identity, Access access) {
    this.identity = identity;
    this.access = access;
  }

  /**
   * The caller, with the furthest reach that its roles give it. The reach of a review counts where
   * the request says why.
   *
   * @param reason the header {@link #REASON_HEADER}, or null if there is none
   * @param request names the request in the log
   * @throws HistoryFailure.Forbidden if none of the roles may do this
   * @throws HistoryFailure.Invalid if a reason is needed, and it is missing or malformed
   */
  public Caller of(Endpoint endpoint, String reason, Supplier<String> request) {
    if (may(endpoint, Grant.TENANT) || may(endpoint, Grant.OPEN)) {
      return caller(false);
    }
    boolean review = may(endpoint, Grant.REVIEW);
    if (review && reason != null) {
      log(AccessReason.of(reason), request.get());
      return caller(false);
    }
    if (may(endpoint, Grant.ACCESS)) {
      return caller(access == Access.OWN);
    }
    throw review ? AccessReason.missing() : forbidden(endpoint);
  }

  /** Whoever needs no credential, for what the server makes by itself. */
  public static Caller anonymous() {
    return new Callers(Identity.ANONYMOUS, Access.TENANT).caller(false);
  }

  /** Whose data the requests of this sender are about. */
  public String tenant() {
    return identity.tenant();
  }

  /** The limits that the credential has for itself, or null. */
  public KeyLimit limit() {
    return identity.limit();
  }

  private boolean may(Endpoint endpoint, Grant grant) {
    return endpoint.grants(identity.roles(), grant);
  }

  private Caller caller(boolean ownOnly) {
    KeyLimit limit = identity.limit();
    String counted = limit == null || limit.storedMegabytes() == 0 ? null : limit.key();
    return new Caller(identity.tenant(), identity.user(), ownOnly, counted);
  }

  private void log(AccessReason reason, String request) {
    LOG.log(
        Level.INFO,
        "Review by user \"{0}\" of tenant {1}: {2}, reason: {3}",
        new Object[] {identity.user(), identity.tenant(), request, reason.text()});
  }

  private static HistoryFailure forbidden(Endpoint endpoint) {
    return new HistoryFailure.Forbidden(
        "insufficient_permissions",
        "Your roles do not allow %s /v1%s. Expected one of: %s."
            .formatted(
                endpoint.method(),
                endpoint.path(),
                endpoint.roles().stream().map(Role::word).collect(Collectors.joining(", "))));
  }
}
