package org.smg.history.model;

/** How a finished model call ended. */
public enum ResponseStatus {
  COMPLETED,
  INCOMPLETE,
  FAILED,
  CANCELLED;

  /** Whether the turn's items belong into its conversation (api.md, section 5.3). */
  public boolean appends() {
    return this == COMPLETED || this == INCOMPLETE;
  }
}
