package org.smg.history.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.smg.history.security.Endpoint;

/** Figures of the requests that have reached this application. */
public final class HttpMetrics {

  private static final double SECOND = 1e9;

  /** SMG's word for the code of an answer that is no error, or of an error without a code. */
  private static final String NO_CODE = "";

  private static final int STATUS_LIMIT = 600;

  /** Those that this application, the servers and model servers answer with. */
  private static final List<Integer> STATUSES =
      List.of(
          200, 204, 302, 304, 400, 401, 402, 403, 404, 405, 406, 408, 409, 411, 413, 414, 415, 417,
          422, 429, 431, 500, 501, 502, 503, 504, 505);

  private final Words methods =
      new Words(List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"));
  private final Routes routes = new Routes();
  private final Words statuses;
  private final int[] byStatus;
  private final Words codes;
  private final Words reasons;
  private final LongAdder active = new LongAdder();
  private final Series<CounterDataPoint> requests;
  private final Series<DistributionDataPoint> durations;
  private final Series<CounterDataPoint> responses;
  private final Series<CounterDataPoint> refused;

  /**
   * @param errorCodes all words by which errors are told apart
   * @param refusals those of them that turn somebody away, whatever the request is about
   */
  public HttpMetrics(
      MetricRegistry registry, Collection<String> errorCodes, Collection<String> refusals) {
    statuses = new Words(STATUSES.stream().map(String::valueOf).toList());
    byStatus =
        IntStream.range(0, STATUS_LIMIT).map(i -> statuses.number(String.valueOf(i))).toArray();
    List<String> all = new ArrayList<>(errorCodes);
    all.add(NO_CODE);
    codes = new Words(all);
    reasons = new Words(refusals);
    int ofRequests = methods.size() * routes.templates().size();
    Counter requestCounter =
        registry.counter("smg_http_requests_total", "Requests.", "method", "path");
    requests = new Series<>(ofRequests, i -> requestCounter.labelValues(method(i), path(i)));
    Histogram histogram =
        registry.seconds(
            "smg_http_request_duration_seconds",
            "From a request's arrival at the application to its answer.",
            "method",
            "path");
    durations = new Series<>(ofRequests, i -> histogram.labelValues(method(i), path(i)));
    Counter responseCounter =
        registry.counter(
            "smg_http_responses_total", "Answers.", "path", "status_code", "error_code");
    responses =
        new Series<>(
            routes.templates().size() * statuses.size() * codes.size(),
            i ->
                responseCounter.labelValues(
                    routes.templates().word(i / codes.size() / statuses.size()),
                    statuses.word(i / codes.size() % statuses.size()),
                    codes.word(i % codes.size())));
    registry.gauge(
        "smg_http_connections_active",
        "Requests that are being answered.",
        () -> OptionalLong.of(active.sum()));
    Counter refusedCounter =
        registry.counter(
            "history_requests_refused_total",
            "Requests that were turned away, by the code of their error.",
            "reason");
    refused = new Series<>(reasons.size(), i -> refusedCounter.labelValues(reasons.word(i)));
    // From the start on, so that the first refusal is a rise.
    IntStream.range(0, reasons.size()).forEach(refused::at);
  }

  private String method(int request) {
    return methods.word(request / routes.templates().size());
  }

  private String path(int request) {
    return routes.templates().word(request % routes.templates().size());
  }

  /** To be called when a request arrives; {@link #ended} has to follow. */
  public void begun() {
    active.increment();
  }

  /**
   * Counts a request that has been answered.
   *
   * @param endpoint the one that answered it, or null
   * @param path as it was sent, below the context root
   * @param code of the error, or null
   * @param nanos how long it took
   */
  public void ended(
      String method, Endpoint endpoint, String path, int status, String code, long nanos) {
    active.decrement();
    answered(method, endpoint, path, status, code, nanos);
  }

  /** The same of a request that the server has refused before this application saw it. */
  public void answered(
      String method, Endpoint endpoint, String path, int status, String code, long nanos) {
    int route = endpoint == null ? routes.of(path) : routes.of(endpoint);
    int request = methods.number(method) * routes.templates().size() + route;
    requests.at(request).inc();
    durations.at(request).observe(nanos / SECOND);
    int answer = route * statuses.size() + number(status);
    responses.at(answer * codes.size() + codes.number(code == null ? NO_CODE : code)).inc();
    // Statuses with which somebody is turned away, whatever the request is about.
    if (status == 401 || status == 403 || status == 429) {
      refused.at(reasons.number(code)).inc();
    }
  }

  private int number(int status) {
    return status >= 0 && status < STATUS_LIMIT ? byStatus[status] : statuses.size() - 1;
  }
}
