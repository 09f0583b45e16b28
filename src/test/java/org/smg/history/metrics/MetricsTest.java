package org.smg.history.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.smg.history.gateway.ModelServerFailure;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;
import org.smg.history.retention.PurgeResult;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.StorageObserver;
import org.smg.history.storage.StoreOperation;
import org.smg.history.storage.TurnBuilder;

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
  void runsAreCountedByTheirState() {
    RunMetrics runs = new RunMetrics(registry);
    for (ResponseStatus status : ResponseStatus.values()) {
      assertThat(shown())
          .contains("history_runs_total{status=\"%s\"} 0.0\n".formatted(word(status)));
    }

    runs.runBegun();
    ResponseStatus.finished().forEach(status -> runs.runEnded(ended(status, TokenUsage.UNKNOWN)));

    for (ResponseStatus status : ResponseStatus.values()) {
      assertThat(shown())
          .contains("history_runs_total{status=\"%s\"} 1.0\n".formatted(word(status)));
    }
  }

  private static String word(ResponseStatus status) {
    return status.name().toLowerCase();
  }

  private static StoredResponse ended(ResponseStatus status, TokenUsage usage) {
    StoredResponse response =
        new TurnBuilder(new Key("acme", "resp_secret"), "owner").status(status).response();
    return new StoredResponse(
        response.key(),
        response.owner(),
        response.recordedAt(),
        response.createdAt(),
        response.completedAt(),
        response.status(),
        response.model(),
        response.conversationId(),
        response.previousResponseId(),
        response.safetyIdentifier(),
        response.user(),
        usage,
        response.metadata(),
        response.fingerprint(),
        response.json());
  }

  @Test
  void tokensOfRunsAreSummedUp() {
    RunMetrics runs = new RunMetrics(registry);

    runs.runEnded(ended(ResponseStatus.COMPLETED, new TokenUsage(100L, 40L, 20L, 8L, 120L)));
    runs.runEnded(ended(ResponseStatus.FAILED, new TokenUsage(1L, null, 2L, null, null)));
    runs.runEnded(ended(ResponseStatus.FAILED, TokenUsage.UNKNOWN));

    assertThat(shown())
        .contains("history_run_tokens_total{kind=\"input\"} 101.0\n")
        .contains("history_run_tokens_total{kind=\"cached\"} 40.0\n")
        .contains("history_run_tokens_total{kind=\"output\"} 22.0\n")
        .contains("history_run_tokens_total{kind=\"reasoning\"} 8.0\n")
        .doesNotContain("secret");
  }

  @Test
  void requestsToTheModelServerAreCounted() {
    ModelServerMetrics model = new ModelServerMetrics(registry);
    int series = shown().split("\n").length;

    model.begun();
    model.begun();
    model.firstByte("/responses", Duration.ofSeconds(20).toNanos());
    model.firstByte("/models/secret", 1);
    model.refused(429);
    model.refused(418);
    model.failed(ModelServerFailure.Code.MODEL_SERVER_TIMEOUT);
    model.ended();

    assertThat(shown())
        .contains("history_model_server_answers_open 1.0\n")
        .contains("first_byte_seconds_bucket{path=\"/v1/responses\",le=\"10.0\"} 0\n")
        .contains("first_byte_seconds_bucket{path=\"/v1/responses\",le=\"30.0\"} 1\n")
        .contains("first_byte_seconds_count{path=\"other\"} 1\n")
        .contains("history_model_server_failures_total{code=\"429\"} 1.0\n")
        .contains("history_model_server_failures_total{code=\"other\"} 1.0\n")
        .contains("history_model_server_failures_total{code=\"model_server_timeout\"} 1.0\n")
        .contains("history_model_server_failures_total{code=\"model_server_error\"} 0.0\n")
        .doesNotContain("secret");
    assertThat(shown().split("\n")).hasSize(series);
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
