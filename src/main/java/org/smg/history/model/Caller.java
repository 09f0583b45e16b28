package org.smg.history.model;

/**
 * On whose behalf a request is made, and how far it reaches.
 *
 * @param tenant whose data is read and written
 * @param user who makes the request, or null while callers are anonymous; the owner of what it
 *     makes
 * @param ownOnly whether the request reaches only what the user made; else it reaches everything of
 *     the tenant
 * @param apiKey names the API key whose stored bytes are counted, or null if it has none or no such
 *     limit
 */
public record Caller(String tenant, String user, boolean ownOnly, String apiKey) {

  /** The key of something that the caller makes. */
  public Key key(String id) {
    return new Key(tenant, id);
  }

  /** What the caller may see and change. */
  public Scope scope() {
    return new Scope(tenant, ownOnly ? user : null, apiKey);
  }
}
