package org.smg.history.model;

/** A user's verdict on a response. */
public enum Rating {
  POSITIVE,
  NEGATIVE
}
