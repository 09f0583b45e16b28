package org.smg.history.model;

import java.util.Set;

/**
 * On whose behalf a request is made.
 *
 * @param tenant whose data is read and written
 * @param user who makes the request, or null while callers are anonymous; the owner of what it
 *     makes
 * @param roles what the user may do, by name
 */
public record Caller(String tenant, String user, Set<String> roles) {

  public Caller {
    roles = Set.copyOf(roles);
  }

  /** The key of something that the caller makes. */
  public Key key(String id) {
    return new Key(tenant, id);
  }

  /** What the caller may see. Nothing is own-only yet: every caller sees the whole tenant. */
  public Scope scope() {
    return Scope.ofTenant(tenant);
  }
}
