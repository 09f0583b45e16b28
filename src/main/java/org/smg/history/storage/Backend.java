package org.smg.history.storage;

import org.smg.history.config.Option;

/** Where history can be kept: the only list of all backends. */
public enum Backend {
  MEMORY,
  NONE,
  ORACLE,
  POSTGRES,
  REDIS;

  /** Which of them is used. */
  public static final Option<Backend> OPTION = Option.choice("history-backend", MEMORY);

  /** Whether history is kept, and is gone when the server stops. */
  public boolean endsWithTheServer() {
    return this == MEMORY;
  }

  /** Whether several servers may keep their history in the same place. */
  public boolean isShared() {
    return this != MEMORY && this != NONE;
  }
}
