package org.smg.history.model;

/** The direction of a list. */
public enum Order {
  /** Oldest first. */
  ASC,
  /** Newest first. */
  DESC;

  public Order reversed() {
    return this == ASC ? DESC : ASC;
  }
}
