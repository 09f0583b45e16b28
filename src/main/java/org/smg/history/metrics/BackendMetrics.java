package org.smg.history.metrics;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.smg.history.storage.ConnectionUse;
import org.smg.history.storage.Storage;

/**
 * Figures that a backend keeps itself: its connections, and what is in memory. None of them asks
 * the backend, so that they are there while it is away. A figure that it does not have is not
 * shown.
 */
final class BackendMetrics {

  private final MetricRegistry registry;
  private final Storage storage;

  private BackendMetrics(MetricRegistry registry, Storage storage) {
    this.registry = registry;
    this.storage = storage;
  }

  static void register(MetricRegistry registry, Storage storage) {
    BackendMetrics metrics = new BackendMetrics(registry, storage);
    metrics.registerConnections();
    metrics.registerMemory();
  }

  private void registerConnections() {
    registry.gauge(
        "smg_db_connections_active",
        "Operations that hold a connection to the backend.",
        () -> OptionalLong.of(storage.connections().map(ConnectionUse::active).orElse(0L)));
    registry.gauge(
        "history_db_connections_max",
        "How many connections there may be at most, by the option.",
        () -> of(use -> OptionalLong.of(use.max())));
    registry.gauge(
        "history_db_connections_idle",
        "Open connections that nobody uses.",
        () -> of(ConnectionUse::idle));
    registry.gauge(
        "history_db_connections_waiting",
        "Operations that wait for a connection.",
        () -> of(ConnectionUse::waiting));
    registry.counter(
        "history_db_connections_waited_total",
        "Connections that were not to be had at once.",
        () -> of(ConnectionUse::waited));
    registry.counter(
        "history_db_connections_refused_total",
        "Connections that were not to be had at all.",
        () -> of(use -> OptionalLong.of(use.refused())));
  }

  private OptionalLong of(Function<ConnectionUse, OptionalLong> figure) {
    Optional<ConnectionUse> use = storage.connections();
    return use.isEmpty() ? OptionalLong.empty() : figure.apply(use.get());
  }

  private void registerMemory() {
    registry.gauge(
        "history_memory_bytes",
        "What the history in memory takes of the heap.",
        () -> inMemory("bytes"));
    registry.gauge(
        "history_memory_conversations",
        "Conversations in memory.",
        () -> inMemory("conversations"));
    registry.gauge("history_memory_responses", "Responses in memory.", () -> inMemory("responses"));
    registry.counter(
        "history_memory_evictions_total",
        "Conversations and responses that were deleted to stay within memory-max-megabytes.",
        () -> inMemory("evicted"));
  }

  private OptionalLong inMemory(String figure) {
    Map<String, Long> figures = storage.metrics();
    return figures.containsKey(figure)
        ? OptionalLong.of(figures.get(figure))
        : OptionalLong.empty();
  }
}
