package org.smg.history.security.authentication;

import java.util.Set;

/**
 * Whom a credential stands for.
 *
 * @param tenant whose data it is about
 * @param user null for callers without credentials
 * @param roles at least one
 * @param limit the credential's own, or null
 */
public record Identity(String tenant, String user, Set<Role> roles, KeyLimit limit) {

  /** Everybody who needs no credential. Without users there is one tenant, and nothing is own. */
  public static final Identity ANONYMOUS = new Identity("default", null, Set.of(Role.USER));

  public Identity {
    roles = Set.copyOf(roles);
  }

  /** Without a limit of its own. */
  public Identity(String tenant, String user, Set<Role> roles) {
    this(tenant, user, roles, null);
  }
}
