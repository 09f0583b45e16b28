package org.smg.history.storage;

/** Where history can be kept: the values of {@code history-backend}. */
public enum Backend {
  MEMORY,
  NONE,
  ORACLE,
  POSTGRES,
  REDIS
}
