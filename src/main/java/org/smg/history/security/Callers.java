package org.smg.history.security;

import java.security.Principal;
import java.util.Set;
import org.smg.history.model.Caller;

/** Makes callers; nothing else does. */
public final class Callers {

  /** The tenant of callers whose credentials name none. */
  private static final String DEFAULT_TENANT = "default";

  private Callers() {}

  /**
   * The caller of a request.
   *
   * @param user whom the server has authenticated, or null if it has not
   */
  public static Caller of(Principal user) {
    return new Caller(DEFAULT_TENANT, user == null ? null : user.getName(), Set.of());
  }
}
