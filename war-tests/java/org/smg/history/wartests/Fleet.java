package org.smg.history.wartests;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Two servers that share what they keep history in.
 *
 * @param servers in the order of their names
 */
public record Fleet(List<LibertyServer> servers) implements AutoCloseable {

  /** Starts both at the same moment, and waits until both are ready. */
  public static Fleet start(String name, TestBackend backend, Map<String, String> store) {
    Fleet fleet =
        new Fleet(
            List.of(make(name + "-one", backend, store), make(name + "-two", backend, store)));
    try {
      CompletableFuture.allOf(
              fleet.servers.stream()
                  .map(server -> CompletableFuture.runAsync(server::start, Fleet::atOnce))
                  .toArray(CompletableFuture[]::new))
          .join();
      return fleet;
    } catch (RuntimeException failed) {
      fleet.close();
      throw failed;
    }
  }

  private static LibertyServer make(String name, TestBackend backend, Map<String, String> store) {
    return LibertyServer.named(name)
        .environment(Map.of("HISTORY_BACKEND", backend.name().toLowerCase(Locale.ROOT)))
        .environment(store)
        .make();
  }

  private static void atOnce(Runnable start) {
    new Thread(start).start();
  }

  Http first() {
    return servers.get(0).http();
  }

  Http second() {
    return servers.get(1).http();
  }

  RoundRobin inTurn() {
    return new RoundRobin(servers.stream().map(LibertyServer::http).toList());
  }

  @Override
  public void close() {
    servers.forEach(LibertyServer::close);
  }
}
