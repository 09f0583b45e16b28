package org.smg.history.model;

import java.util.List;

/** How a model call ended, or that it has not. */
public enum ResponseStatus {
  COMPLETED,
  INCOMPLETE,
  FAILED,
  CANCELLED,
  /** It is still being made: its prompt is stored, its answer is not. */
  IN_PROGRESS;

  /** How a call can have ended. */
  public static List<ResponseStatus> finished() {
    return List.of(COMPLETED, INCOMPLETE, FAILED, CANCELLED);
  }

  /** Whether the turn's items belong into its conversation (api.md, section 5.3). */
  public boolean appends() {
    return this == COMPLETED || this == INCOMPLETE;
  }
}
