package org.smg.history.model;

/**
 * What a caller may see and change: everything of a tenant, or only what one user of it made. What
 * is out of scope is not found, in every operation.
 *
 * @param tenant whose data it is
 * @param owner the user whose objects are in scope, or null where all of the tenant are
 * @param apiKey names the API key whose stored bytes change with what is done here; null where only
 *     the tenant's do
 */
public record Scope(String tenant, String owner, String apiKey) {

  /** Of somebody whose credential has no count of its own. */
  public Scope(String tenant, String owner) {
    this(tenant, owner, null);
  }

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
