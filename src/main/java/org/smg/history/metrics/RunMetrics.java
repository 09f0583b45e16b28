package org.smg.history.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;
import org.smg.history.storage.StorageObserver;
import org.smg.history.storage.StoreOperation;

/**
 * Figures of the runs that this server has begun or ended, and of what models have read and written
 * for them. All series are there from the start.
 */
final class RunMetrics implements StorageObserver {

  private final Map<ResponseStatus, CounterDataPoint> runs = new EnumMap<>(ResponseStatus.class);
  private final CounterDataPoint input;
  private final CounterDataPoint cached;
  private final CounterDataPoint output;
  private final CounterDataPoint reasoning;

  RunMetrics(MetricRegistry registry) {
    Counter states =
        registry.counter(
            "history_runs_total",
            "Runs of a model that have been begun (in_progress), and how others have ended.",
            "status");
    for (ResponseStatus status : ResponseStatus.values()) {
      runs.put(status, states.labelValues(status.name().toLowerCase(Locale.ROOT)));
    }
    Counter tokens =
        registry.counter(
            "history_run_tokens_total",
            "Tokens of runs that have ended, as their model servers have counted them.",
            "kind");
    input = tokens.labelValues("input");
    cached = tokens.labelValues("cached");
    output = tokens.labelValues("output");
    reasoning = tokens.labelValues("reasoning");
  }

  @Override
  public void ended(StoreOperation operation, Result result, Scope scope, String id, long nanos) {
    // Operations are counted elsewhere.
  }

  @Override
  public void runBegun() {
    runs.get(ResponseStatus.IN_PROGRESS).inc();
  }

  @Override
  public void runEnded(StoredResponse response) {
    runs.get(response.status()).inc();
    TokenUsage usage = response.usage();
    add(input, usage.input());
    add(cached, usage.cached());
    add(output, usage.output());
    add(reasoning, usage.reasoning());
  }

  private static void add(CounterDataPoint tokens, Long number) {
    if (number != null) {
      tokens.inc(number);
    }
  }
}
