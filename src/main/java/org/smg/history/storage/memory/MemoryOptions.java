package org.smg.history.storage.memory;

import org.smg.history.config.Option;
import org.smg.history.config.Options;

/**
 * @param maxMegabytes how many megabytes of heap history may take
 */
record MemoryOptions(int maxMegabytes) {

  private static final int MEGABYTE = 1 << 20;

  static final Option<Integer> MAX_MEGABYTES =
      Option.number("memory-max-megabytes", halfOfTheHeap(), 1, Integer.MAX_VALUE);

  /**
   * @throws org.smg.history.config.InvalidOptions if any option cannot be used
   */
  static MemoryOptions read(Options options) {
    int maxMegabytes = options.get(MAX_MEGABYTES);
    options.check();
    return new MemoryOptions(maxMegabytes);
  }

  private static int halfOfTheHeap() {
    return (int) Math.max(1, Runtime.getRuntime().maxMemory() / 2 / MEGABYTE);
  }

  long maxBytes() {
    return (long) maxMegabytes * MEGABYTE;
  }
}
