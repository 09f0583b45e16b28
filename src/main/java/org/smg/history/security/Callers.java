package org.smg.history.security;

import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.smg.history.log.Event;
import org.smg.history.log.EventLog;
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
  private final EventLog log;

  Callers(Identity identity, Access access, EventLog log) {
    this.identity = identity;
    this.access = access;
    this.log = log;
  }

  /**
   * The caller, with the furthest reach that its roles give it. The reach of a review counts where
   * the request says why.
   *
   * @param reason the header {@link #REASON_HEADER}, or null if there is none
   * @param request adds to an event what names the request
   * @throws HistoryFailure.Forbidden if none of the roles may do this
   * @throws HistoryFailure.Invalid if a reason is needed, and it is missing or malformed
   */
  public Caller of(Endpoint endpoint, String reason, UnaryOperator<Event> request) {
    if (may(endpoint, Grant.TENANT) || may(endpoint, Grant.OPEN)) {
      return caller(false);
    }
    boolean review = may(endpoint, Grant.REVIEW);
    if (review && reason != null) {
      log.write(LOG, Level.INFO, request.apply(review(AccessReason.of(reason))));
      return caller(false);
    }
    if (may(endpoint, Grant.ACCESS)) {
      return caller(access == Access.OWN);
    }
    throw review ? AccessReason.missing() : forbidden(endpoint);
  }

  /** Whoever needs no credential, for what the server makes by itself. */
  public static Caller anonymous() {
    return caller(Identity.ANONYMOUS, false);
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
    return caller(identity, ownOnly);
  }

  private static Caller caller(Identity identity, boolean ownOnly) {
    KeyLimit limit = identity.limit();
    String counted = limit == null || limit.storedMegabytes() == 0 ? null : limit.key();
    return new Caller(identity.tenant(), identity.user(), ownOnly, counted);
  }

  private Event review(AccessReason reason) {
    return Event.of("review", "A reviewer asks for what others made")
        .with("user", identity.user())
        .with("tenant", identity.tenant())
        .with("reason", reason.text());
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
