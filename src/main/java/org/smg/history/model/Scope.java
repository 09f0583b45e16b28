package org.smg.history.model;

/**
 * What a caller may see and change: everything of a tenant, or only what one user of it made. What
 * is out of scope is not found, in every operation.
 *
 * @param tenant whose data it is
 * @param owner the user whose objects are in scope, or null where all of the tenant are
 */
public record Scope(String tenant, String owner) {

  /** Everything that belongs to the tenant, whoever made it. */
  public static Scope ofTenant(String tenant) {
    return new Scope(tenant, null);
  }

  /** The key of the tenant's object with this id, whether or not it is in scope. */
  public Key key(String id) {
    return new Key(tenant, id);
  }

  /**
   * Whether an object of the tenant is in scope.
   *
   * @param madeBy the object's owner, or null if it was made without credentials
   */
  public boolean includes(String madeBy) {
    return owner == null || owner.equals(madeBy);
  }
}
