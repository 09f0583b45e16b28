package org.smg.history.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.smg.history.model.Scope;
import org.smg.history.storage.StorageObserver;
import org.smg.history.storage.StoreOperation;

/**
 * Figures of what is asked of the stores. All series are there from the start, so that the first
 * error is a rise.
 */
final class StoreMetrics implements StorageObserver {

  private static final double SECOND = 1e9;

  /** The operations that bring objects. */
  private static final Set<StoreOperation> STORING =
      EnumSet.of(
          StoreOperation.CONVERSATION_PUT,
          StoreOperation.ITEM_PUT,
          StoreOperation.RESPONSE_PUT,
          StoreOperation.FEEDBACK_PUT);

  private final CounterDataPoint[][] ended =
      new CounterDataPoint[StoreOperation.values().length][Result.values().length];
  private final DistributionDataPoint[] durations =
      new DistributionDataPoint[StoreOperation.values().length];
  private final LongAdder[] stored = new LongAdder[StoreOperation.values().length];

  StoreMetrics(MetricRegistry registry) {
    Counter operations =
        registry.counter(
            "smg_db_operations_total",
            "Operations of the stores.",
            "storage_type",
            "operation",
            "result");
    Histogram histogram =
        registry.seconds(
            "smg_db_operation_duration_seconds",
            "How long operations of the stores take, whatever their result.",
            "storage_type",
            "operation");
    for (StoreOperation operation : StoreOperation.values()) {
      int number = operation.ordinal();
      for (Result result : Result.values()) {
        ended[number][result.ordinal()] =
            operations.labelValues(
                operation.storageType(),
                operation.operation(),
                result.name().toLowerCase(Locale.ROOT));
      }
      durations[number] = histogram.labelValues(operation.storageType(), operation.operation());
      stored[number] = new LongAdder();
    }
    registry.added(
        GaugeWithCallback.builder()
            .name("smg_db_items_stored")
            .help("Objects that this server has stored since its start.")
            .labelNames("storage_type")
            .callback(
                gauge ->
                    STORING.forEach(
                        operation ->
                            gauge.call(stored[operation.ordinal()].sum(), operation.storageType())))
            .build());
  }

  @Override
  public void ended(StoreOperation operation, Result result, Scope scope, String id, long nanos) {
    ended[operation.ordinal()][result.ordinal()].inc();
    durations[operation.ordinal()].observe(nanos / SECOND);
  }

  @Override
  public void stored(StoreOperation operation, int number) {
    stored[operation.ordinal()].add(number);
  }
}
