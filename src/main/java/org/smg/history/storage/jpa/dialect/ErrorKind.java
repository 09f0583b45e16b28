package org.smg.history.storage.jpa.dialect;

/** What an error of the database or its driver means to the operation that it ended. */
public enum ErrorKind {
  /** A deadlock or a serialization failure: the transaction can succeed when it is run again. */
  RETRYABLE,

  /**
   * A unique or foreign key is violated, because another transaction has just stored a row of the
   * same key or deleted the row that is referred to. The operation must look again.
   */
  KEY_VIOLATION,

  /**
   * The database answers that it cannot do this now: a timeout, or too few connections, too little
   * memory or disk space. The request may succeed later.
   */
  BUSY,

  /** The database cannot be reached or used at all. The request may succeed later. */
  UNAVAILABLE,

  /** The database user lacks a right. */
  NOT_PERMITTED,

  /** A fault of this program or of the schema. */
  PROGRAM_ERROR;

  /** Whether clients are told that history is unavailable, and may try again later. */
  public boolean isOutage() {
    return this == BUSY || this == UNAVAILABLE;
  }
}
