package org.smg.history.storage;

/**
 * What one call removed of all that meets a filter.
 *
 * @param count how many objects; what others removed meanwhile is not among them
 * @param more whether more than the call was to remove was there when it looked
 */
public record Removed(int count, boolean more) {

  /** Where nothing meets the filter. */
  public static final Removed NOTHING = new Removed(0, false);
}
