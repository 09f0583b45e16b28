package org.smg.history.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * All figures of this application. The registry is its own: the library's default one is shared by
 * whatever else the server runs with the same classes.
 */
public final class MetricRegistry {

  /**
   * In seconds, for everything that takes time: up to the limits after which a backend counts as
   * away.
   */
  private static final double[] UPPER_BOUNDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private static final int USUAL_BYTES = 1 << 16;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
  private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  /**
   * All figures as they now are.
   *
   * @param accept what the client accepts, or null
   */
  public Exposition exposition(String accept) {
    ExpositionFormatWriter writer =
        accept != null && openMetrics.accepts(accept) ? openMetrics : text;
    ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
    try {
      writer.write(out, registry.scrape());
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    return new Exposition(writer.getContentType(), out.toByteArray());
  }

  /** Without examples of traces: the library would keep a thread for them. */
  Counter counter(String name, String help, String... labels) {
    return added(
        Counter.builder().name(name).help(help).labelNames(labels).withoutExemplars().build());
  }

  /** How long something took; without examples, as {@link #counter}. */
  Histogram seconds(String name, String help, String... labels) {
    return seconds(UPPER_BOUNDS, name, help, labels);
  }

  /**
   * The same with bounds of its own.
   *
   * @param upperBounds in seconds, rising
   */
  Histogram seconds(double[] upperBounds, String name, String help, String... labels) {
    return added(
        Histogram.builder()
            .name(name)
            .help(help)
            .labelNames(labels)
            .classicOnly()
            .classicUpperBounds(upperBounds)
            .withoutExemplars()
            .build());
  }

  /** A figure that somebody else keeps, and can tell at once; none while it is empty. */
  void gauge(String name, String help, Supplier<OptionalLong> figure) {
    added(
        GaugeWithCallback.builder()
            .name(name)
            .help(help)
            .callback(gauge -> figure.get().ifPresent(gauge::call))
            .build());
  }

  /** The same of one that only grows. */
  void counter(String name, String help, Supplier<OptionalLong> figure) {
    added(
        CounterWithCallback.builder()
            .name(name)
            .help(help)
            .callback(counter -> figure.get().ifPresent(counter::call))
            .build());
  }

  <M extends Collector> M added(M metric) {
    registry.register(metric);
    return metric;
  }

  PrometheusRegistry registry() {
    return registry;
  }
}
