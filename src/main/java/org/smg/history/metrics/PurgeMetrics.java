package org.smg.history.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Instant;
import java.util.OptionalLong;
import org.smg.history.retention.PurgeObserver;
import org.smg.history.retention.PurgeResult;

/** Figures of what this server has removed because it was due. */
final class PurgeMetrics implements PurgeObserver {

  private final CounterDataPoint conversations;
  private final CounterDataPoint items;
  private final CounterDataPoint responses;
  private final CounterDataPoint feedback;
  private volatile long lagSeconds;
  private volatile long endedAt;

  PurgeMetrics(MetricRegistry registry) {
    Counter removed =
        registry.counter(
            "history_retention_removed_total",
            "Objects that were removed because they were due.",
            "storage_type");
    conversations = removed.labelValues("conversation");
    items = removed.labelValues("conversation_item");
    responses = removed.labelValues("response");
    feedback = removed.labelValues("feedback");
    registry.gauge(
        "history_retention_lag_seconds",
        "For how long the oldest object was due that the last purge of this server has left.",
        () -> OptionalLong.of(lagSeconds));
    registry.gauge(
        "history_retention_last_purge_timestamp_seconds",
        "When the last purge of this server ended.",
        () -> OptionalLong.of(endedAt));
  }

  @Override
  public void ended(PurgeResult result) {
    conversations.inc(result.removed().conversations());
    items.inc(result.removed().items());
    responses.inc(result.removed().responses());
    feedback.inc(result.removed().feedback());
    lagSeconds = result.lag().toSeconds();
    endedAt = Instant.now().getEpochSecond();
  }
}
