package org.smg.history.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.smg.history.gateway.ModelServerFailure;
import org.smg.history.gateway.ModelServerObserver;

/** Figures of what a model server is asked. All series are there from the start. */
final class ModelServerMetrics implements ModelServerObserver {

  private static final double SECOND = 1e9;

  /** In seconds: a model may think for minutes before it says anything. */
  private static final double[] UPPER_BOUNDS = {
    0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600
  };

  /** Whatever else is asked is a list of models. */
  private static final List<String> PATHS =
      List.of("/v1/responses", "/v1/chat/completions", "/v1/embeddings");

  /** With which model servers refuse requests. */
  private static final List<Integer> STATUSES =
      List.of(400, 401, 402, 403, 404, 408, 409, 413, 422, 429);

  private final Words paths = new Words(PATHS);
  private final Words codes;
  private final LongAdder open = new LongAdder();
  private final List<DistributionDataPoint> firstBytes;
  private final List<CounterDataPoint> failures;

  ModelServerMetrics(MetricRegistry registry) {
    List<String> all = new ArrayList<>();
    Arrays.stream(ModelServerFailure.Code.values()).forEach(code -> all.add(code.word()));
    STATUSES.forEach(status -> all.add(status.toString()));
    codes = new Words(all);
    Histogram histogram =
        registry.seconds(
            UPPER_BOUNDS,
            "history_model_server_first_byte_seconds",
            "From a request to the model server to the first byte of its answer's body.",
            "path");
    firstBytes = series(paths, word -> histogram.labelValues(word));
    Counter counter =
        registry.counter(
            "history_model_server_failures_total",
            "Requests to the model server that were not answered, by code, or refused, by status.",
            "code");
    failures = series(codes, word -> counter.labelValues(word));
    registry.gauge(
        "history_model_server_answers_open",
        "Answers of the model server that are under way.",
        () -> OptionalLong.of(open.sum()));
  }

  private interface Maker<D> {
    D of(String word);
  }

  private static <D> List<D> series(Words words, Maker<D> maker) {
    return IntStream.range(0, words.size()).mapToObj(i -> maker.of(words.word(i))).toList();
  }

  @Override
  public void begun() {
    open.increment();
  }

  @Override
  public void firstByte(String path, long nanos) {
    firstBytes.get(paths.number("/v1" + path)).observe(nanos / SECOND);
  }

  @Override
  public void refused(int status) {
    failures.get(codes.number(Integer.toString(status))).inc();
  }

  @Override
  public void failed(ModelServerFailure.Code code) {
    failures.get(codes.number(code.word())).inc();
  }

  @Override
  public void ended() {
    open.decrement();
  }
}
