package org.smg.history.storage.memory;

import org.smg.history.config.Option;
import org.smg.history.config.Options;

/**
 * @param maxConversations how many conversations are kept; 0 is unlimited
 */
record MemoryOptions(int maxConversations) {

  static final Option<Integer> MAX_CONVERSATIONS =
      Option.number("memory-max-conversations", 0, 0, Integer.MAX_VALUE);

  /**
   * @throws org.smg.history.config.InvalidOptions if any option cannot be used
   */
  static MemoryOptions read(Options options) {
    int maxConversations = options.get(MAX_CONVERSATIONS);
    options.check();
    return new MemoryOptions(maxConversations);
  }
}
