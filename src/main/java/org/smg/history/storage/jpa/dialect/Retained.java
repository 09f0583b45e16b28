package org.smg.history.storage.jpa.dialect;

import org.smg.history.storage.Horizon;

/**
 * From when on rows are there, for statements to compare. A conversation whose removal has begun
 * has a negative time of its last update, and is gone whatever the horizon says.
 */
public final class Retained implements Horizon {

  private final Horizon horizon;

  public Retained(Horizon horizon) {
    this.horizon = horizon;
  }

  @Override
  public long conversations() {
    return Math.max(0, horizon.conversations());
  }

  @Override
  public long responses() {
    return horizon.responses();
  }

  /** Whether any response can be due. */
  public boolean limitsResponses() {
    return horizon.responses() != Long.MIN_VALUE;
  }
}
