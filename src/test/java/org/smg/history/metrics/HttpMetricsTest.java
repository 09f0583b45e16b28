package org.smg.history.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smg.history.api.error.ErrorCodes;
import org.smg.history.security.Endpoint;

class HttpMetricsTest {

  private static final long MILLI = 1_000_000;

  private final MetricRegistry registry = new MetricRegistry();
  private final HttpMetrics metrics =
      new HttpMetrics(registry, List.of("invalid_value", "refused"), List.of("refused"));

  private Map<String, Double> shown() {
    return new String(registry.exposition(null).text(), UTF_8)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.lastIndexOf(' ')),
                line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
  }

  @Test
  void aRequestIsCountedUnderTheTemplateOfItsEndpoint() {
    metrics.begun();
    assertThat(shown()).containsEntry("smg_http_connections_active", 1.0);

    metrics.ended("GET", Endpoint.GET_ITEM, null, 200, null, 3 * MILLI);

    String path = "path=\"/v1/conversations/{conversation_id}/items/{item_id}\"";
    String request = "{method=\"GET\"," + path;
    assertThat(shown())
        .containsEntry("smg_http_connections_active", 0.0)
        .containsEntry("smg_http_requests_total" + request + "}", 1.0)
        .containsEntry("smg_http_request_duration_seconds_sum" + request + "}", 0.003)
        .containsEntry(
            "smg_http_request_duration_seconds_bucket" + request + ",le=\"0.0025\"}", 0.0)
        .containsEntry("smg_http_request_duration_seconds_bucket" + request + ",le=\"0.005\"}", 1.0)
        .containsEntry(
            "smg_http_responses_total{error_code=\"\"," + path + ",status_code=\"200\"}", 1.0);
  }

  @Test
  void whoeverIsTurnedAwayIsCountedByTheReason() {
    assertThat(shown()).containsEntry("history_requests_refused_total{reason=\"refused\"}", 0.0);

    metrics.answered("POST", null, "/v1/responses/x/feedback", 403, "refused", MILLI);
    metrics.answered("POST", null, "/v1/responses/x/feedback", 400, "invalid_value", MILLI);
    metrics.answered("POST", null, "/v1/responses/x/feedback", 429, "new", MILLI);

    assertThat(shown())
        .containsEntry("history_requests_refused_total{reason=\"refused\"}", 1.0)
        .containsEntry("history_requests_refused_total{reason=\"other\"}", 1.0)
        .containsEntry(answer("refused", 403), 1.0)
        .containsEntry(answer("invalid_value", 400), 1.0)
        .containsEntry(answer("other", 429), 1.0);
  }

  private static String answer(String code, int status) {
    return "smg_http_responses_total{error_code=\"%s\",path=\"%s\",status_code=\"%d\"}"
        .formatted(code, "/v1/responses/{response_id}/feedback", status);
  }

  @Test
  void whateverClientsSendTheSeriesAreTheSame() {
    sendAll("a");
    int series = shown().size();

    sendAll("b");

    assertThat(shown()).hasSize(series);
    assertThat(shown().keySet()).noneMatch(name -> name.contains("sent"));
  }

  /** The rest of a server has some 450 series, whatever it does; metrics.md promises 4,600. */
  @Test
  void theNumberOfSeriesIsBounded() {
    MetricRegistry whole = new MetricRegistry();
    HttpMetrics http =
        new HttpMetrics(
            whole,
            Stream.concat(ErrorCodes.FAULTS.stream(), ErrorCodes.REFUSALS.stream()).toList(),
            ErrorCodes.REFUSALS);
    for (Endpoint endpoint : Endpoint.values()) {
      for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "odd")) {
        http.answered(method, endpoint, null, 200, null, MILLI);
        http.answered(method, null, "/odd", 200, null, MILLI);
        http.answered(method, null, "/metrics", 200, null, MILLI);
        http.answered(method, null, "/console/", 200, null, MILLI);
      }
      IntStream.range(0, 1_000)
          .forEach(status -> http.answered("GET", endpoint, null, status, null, MILLI));
      // Each code has one status.
      ErrorCodes.FAULTS.forEach(code -> http.answered("GET", endpoint, null, 400, code, MILLI));
      ErrorCodes.REFUSALS.forEach(code -> http.answered("GET", endpoint, null, 403, code, MILLI));
    }

    assertThat(new String(whole.exposition(null).text(), UTF_8).lines())
        .hasSizeBetween(2_000, 4_100);
  }

  private void sendAll(String word) {
    for (int status : new int[] {-1, 0, 99, 200, 299, 418, 599, 600, 100_000}) {
      for (String path :
          List.of("", "/", "/v1/sent" + word, "sent" + word, "/v1/responses/sent/" + word)) {
        metrics.answered("SENT" + word, null, path, status, "sent_" + word, MILLI);
        metrics.answered("get", null, path, status, null, MILLI);
      }
    }
  }
}
