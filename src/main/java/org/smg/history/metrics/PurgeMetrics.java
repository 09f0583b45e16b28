package org.smg.history.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.smg.history.retention.PurgeObserver;
import org.smg.history.retention.PurgeResult;
import org.smg.history.storage.RetentionStore.Counts;

/** Figures of what this server has removed because it was due. */
final class PurgeMetrics implements PurgeObserver {

  private final AtomicReference<Counts> removed = new AtomicReference<>(Counts.NONE);
  private volatile long lagSeconds;
  private volatile long endedAt;

  /** Shows them from now on, which is long before the first purge. */
  void register(MetricRegistry registry) {
    registry.added(
        CounterWithCallback.builder()
            .name("history_retention_removed_total")
            .help("Objects that were removed because they were due.")
            .labelNames("storage_type")
            .callback(this::showRemoved)
            .build());
    registry.gauge(
        "history_retention_lag_seconds",
        "For how long the oldest object was due that the last purge of this server has left.",
        () -> OptionalLong.of(lagSeconds));
    registry.gauge(
        "history_retention_last_purge_timestamp_seconds",
        "When the last purge of this server ended.",
        () -> OptionalLong.of(endedAt));
  }

  private void showRemoved(CounterWithCallback.Callback counter) {
    Counts sum = removed.get();
    counter.call(sum.conversations(), "conversation");
    counter.call(sum.items(), "conversation_item");
    counter.call(sum.responses(), "response");
    counter.call(sum.feedback(), "feedback");
  }

  @Override
  public void ended(PurgeResult result) {
    removed.updateAndGet(sum -> sum.plus(result.removed()));
    lagSeconds = result.lag().toSeconds();
    endedAt = Instant.now().getEpochSecond();
  }
}
