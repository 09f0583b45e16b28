package org.smg.history.config;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;

/** The options that hold whatever the backend, read once. */
@Dependent
public final class Settings {

  static final Option<Integer> MAX_BODY_BYTES =
      Option.number("history-max-body-bytes", 32 << 20, 1, 1 << 30);

  private final int maxBodyBytes;

  @Inject
  public Settings(Options options) {
    maxBodyBytes = options.get(MAX_BODY_BYTES);
  }

  /** The size of the largest request body, in bytes. */
  public int maxBodyBytes() {
    return maxBodyBytes;
  }
}
