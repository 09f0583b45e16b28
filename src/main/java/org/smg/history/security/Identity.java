package org.smg.history.security;

import java.util.Set;

/**
 * Whom a credential stands for.
 *
 * @param tenant whose data it is about
 * @param user null for callers without credentials
 * @param roles at least one
 */
record Identity(String tenant, String user, Set<Role> roles) {

  /** Everybody who needs no credential. Without users there is one tenant, and nothing is own. */
  static final Identity ANONYMOUS = new Identity("default", null, Set.of(Role.USER));

  Identity {
    roles = Set.copyOf(roles);
  }
}
