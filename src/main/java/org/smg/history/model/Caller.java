package org.smg.history.model;

/**
 * On whose behalf a request is made.
 *
 * @param tenant whose data is read and written
 * @param owner the user who makes it, or null while callers are anonymous
 */
public record Caller(String tenant, String owner) {

  public Key key(String id) {
    return new Key(tenant, id);
  }
}
