package org.smg.history.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Scope;
import org.smg.history.retention.PurgeResult;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.StorageObserver;
import org.smg.history.storage.StoreOperation;

class MetricsTest {

  private final MetricRegistry registry = new MetricRegistry();

  private String shown() {
    return new String(registry.exposition(null).text(), UTF_8);
  }

  @Test
  void everyOperationHasItsSeriesFromTheStart() {
    StoreMetrics stores = new StoreMetrics(registry);
    for (StoreOperation operation : StoreOperation.values()) {
      for (StorageObserver.Result result : StorageObserver.Result.values()) {
        String series = series(operation, result);
        assertThat(shown()).contains(series + " 0.0\n");

        stores.ended(operation, result, Scope.ofTenant("acme"), "conv_secret", 1);

        assertThat(shown()).contains(series + " 1.0\n");
      }
    }
    assertThat(shown()).doesNotContain("acme", "conv_secret");
  }

  private static String series(StoreOperation operation, StorageObserver.Result result) {
    return "smg_db_operations_total{operation=\"%s\",result=\"%s\",storage_type=\"%s\"}"
        .formatted(operation.operation(), result.name().toLowerCase(), operation.storageType());
  }

  @Test
  void whatIsStoredIsSummedUp() {
    StoreMetrics stores = new StoreMetrics(registry);

    stores.stored(StoreOperation.ITEM_PUT, 3);
    stores.stored(StoreOperation.ITEM_PUT, 4);

    assertThat(shown())
        .contains("smg_db_items_stored{storage_type=\"conversation_item\"} 7.0\n")
        .contains("smg_db_items_stored{storage_type=\"feedback\"} 0.0\n");
  }

  @Test
  void whatAPurgeRemovedIsAddedAndItsLagShown() {
    PurgeMetrics purges = new PurgeMetrics();
    purges.register(registry);
    assertThat(shown())
        .contains("history_retention_removed_total{storage_type=\"response\"} 0.0\n")
        .contains("history_retention_last_purge_timestamp_seconds 0.0\n");
    Counts removed = new Counts(1, 2, 3, 4);

    purges.ended(new PurgeResult(removed, Duration.ZERO, Duration.ofMinutes(2), false));
    assertThat(shown()).contains("history_retention_lag_seconds 120.0\n");
    purges.ended(new PurgeResult(removed, Duration.ZERO, Duration.ZERO, true));

    assertThat(shown())
        .contains("history_retention_removed_total{storage_type=\"conversation\"} 2.0\n")
        .contains("history_retention_removed_total{storage_type=\"conversation_item\"} 4.0\n")
        .contains("history_retention_removed_total{storage_type=\"response\"} 6.0\n")
        .contains("history_retention_removed_total{storage_type=\"feedback\"} 8.0\n")
        .contains("history_retention_lag_seconds 0.0\n")
        .doesNotContain("history_retention_last_purge_timestamp_seconds 0.0\n");
  }

  @Test
  void aFigureThatIsNotThereIsNotShown() {
    AtomicLong figure = new AtomicLong(-1);
    registry.gauge(
        "history_some",
        "Some.",
        () -> figure.get() < 0 ? OptionalLong.empty() : OptionalLong.of(figure.get()));

    assertThat(shown()).doesNotContain("history_some");
    figure.set(7);
    assertThat(shown()).contains("history_some 7.0\n");
  }

  @Test
  void theFormatIsOneOfTwo() {
    registry.counter("history_some_total", "Some.").inc();
    String protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;q=0.8,text/plain;q=0.5";

    assertThat(registry.exposition(protobuf).contentType()).startsWith("text/plain");
    assertThat(registry.exposition(null).contentType()).startsWith("text/plain");
    assertThat(registry.exposition("application/openmetrics-text;version=1.0.0,*/*;q=0.1"))
        .satisfies(
            open -> {
              assertThat(open.contentType()).startsWith("application/openmetrics-text");
              assertThat(new String(open.text(), UTF_8)).endsWith("# EOF\n");
            });
  }
}
