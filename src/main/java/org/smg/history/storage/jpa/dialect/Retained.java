package org.smg.history.storage.jpa.dialect;

import org.smg.history.storage.Horizon;

/**
 * From when on rows are there, for statements to compare. A conversation whose removal has begun
 * has a time of its last update that lies before all times, so that it is gone whatever the horizon
 * says.
 */
public final class Retained implements Horizon {

  /** What the mark takes from the time of the last update: 126,000 years, in microseconds. */
  static final long MARK = 4_000_000_000_000_000_000L;

  /** Rows from before this time are marked. */
  static final long FIRST = -MARK / 2;

  private final Horizon horizon;

  public Retained(Horizon horizon) {
    this.horizon = horizon;
  }

  @Override
  public long conversations() {
    return Math.max(FIRST, horizon.conversations());
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
