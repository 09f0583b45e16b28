package org.smg.history.wartests;

import java.util.Locale;
import java.util.Map;
import org.smg.history.storage.redis.TestRedis;

/** The backends that the WAR is tested with, and how a server is told to use them. */
enum TestBackend {
  MEMORY,
  NONE,
  REDIS;

  LibertyServer start() {
    String name = name().toLowerCase(Locale.ROOT);
    return LibertyServer.named(name)
        .environment(Map.of("HISTORY_BACKEND", name))
        .environment(needs())
        .start();
  }

  /** Starts what the backend keeps history in, for as long as this process runs. */
  private Map<String, String> needs() {
    return this == REDIS ? Map.of("REDIS_URL", TestRedis.start().url()) : Map.of();
  }
}
