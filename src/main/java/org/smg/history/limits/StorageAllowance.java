package org.smg.history.limits;

/**
 * What a limit of stored bytes says to one request.
 *
 * @param allowed whether more may be stored
 * @param limit in bytes
 * @param remaining bytes; 0 if no more may be stored
 */
public record StorageAllowance(boolean allowed, long limit, long remaining) {

  /** More can have been deleted than was counted; that gives nobody more than the limit. */
  static StorageAllowance of(long limit, long stored) {
    long remaining = Math.min(Math.max(limit - stored, 0), limit);
    return new StorageAllowance(remaining > 0, limit, remaining);
  }
}
