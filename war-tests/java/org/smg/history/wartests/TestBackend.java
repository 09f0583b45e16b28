package org.smg.history.wartests;

import java.util.Locale;
import java.util.Map;

/** The backends that the WAR is tested with, and how a server is told to use them. */
enum TestBackend {
  MEMORY,
  NONE;

  LibertyServer start() {
    String name = name().toLowerCase(Locale.ROOT);
    return LibertyServer.named(name).environment(Map.of("HISTORY_BACKEND", name)).start();
  }
}
