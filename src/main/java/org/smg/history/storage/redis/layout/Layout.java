package org.smg.history.storage.redis.layout;

/**
 * The version of the layout of stored values. Whoever changes how a value is written counts it up
 * and lets it be read in the layout before, so that servers can be replaced one after another.
 */
public final class Layout {

  public static final String VERSION = "1";

  private Layout() {}

  /**
   * @throws IllegalStateException if a value was written by a server that is newer
   */
  public static void check(String version) {
    if (!VERSION.equals(version)) {
      throw new IllegalStateException(
          "A value in Redis has the layout '%s'; this server reads '%s'."
              .formatted(version, VERSION));
    }
  }
}
