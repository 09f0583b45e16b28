package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.NONE;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures of a server: which there are, that they are exact, and in which formats. */
@ServedBy({MEMORY, NONE, POSTGRES, REDIS})
class MetricsIT {

  /** As src/docs/metrics.md says. */
  private static final int MOST_SERIES = 4_000;

  private static final String MESSAGE = "{\"role\":\"user\",\"content\":\"x\"}";

  private final Http http;

  MetricsIT(ApplicationServer server) {
    http = server.http();
  }

  private boolean keeps() {
    String id = stored(http.post("/v1/conversations", "{}")).id();
    return http.get("/v1/conversations/" + id).status() == 200;
  }

  @Test
  void theDocumentListsWhatIsThere() {
    String backend = backend();
    stored(http.get("/v1/conversations"));
    Scrape scrape = Scrape.of(http);
    Map<String, DocumentedMetric> documented =
        DocumentedMetric.all().stream()
            .filter(metric -> metric.isWith(backend))
            .collect(Collectors.toMap(DocumentedMetric::name, metric -> metric));

    assertThat(scrape.types().keySet()).containsExactlyInAnyOrderElementsOf(documented.keySet());
    documented.forEach(
        (name, metric) -> {
          assertThat(scrape.has(name)).as(name).isTrue();
          assertThat(scrape.types().get(name)).as(name).isEqualTo(metric.type());
          assertThat(scrape.labelNames(name)).as(name).isEqualTo(metric.labels());
        });
  }

  private String backend() {
    Scrape scrape = Scrape.of(http);
    if (scrape.has("history_memory_bytes")) {
      return "memory";
    }
    if (scrape.has("history_db_connections_idle")) {
      return "redis";
    }
    return scrape.has("history_db_connections_max") ? "postgres" : "none";
  }

  /** The shared server's backend is known by what it shows, so that has to be right. */
  @Test
  void whatABackendHasShows() {
    assertThat(backend().equals("none")).isEqualTo(!keeps());
  }

  @ParameterizedTest
  @ValueSource(strings = {"src/monitoring/alerts.yml", "src/monitoring/grafana-dashboard.json"})
  void whatTheDashboardAndTheAlertsNameIsThere(String file) {
    String backend = backend();
    stored(http.get("/v1/conversations"));
    Scrape scrape = Scrape.of(http);
    List<String> named = DocumentedMetric.namedIn(file);

    assertThat(named).hasSizeGreaterThan(8);
    for (String name : named) {
      DocumentedMetric metric = DocumentedMetric.of(name);
      assertThat(metric.isWith(backend) == scrape.has(metric.name())).as(name).isTrue();
    }
  }

  @Test
  void countsAreExact() {
    if (!keeps()) {
      return;
    }
    Scrape before = Scrape.of(http);

    String id =
        stored(http.post("/v1/conversations", "{\"items\":[%1$s,%1$s]}".formatted(MESSAGE))).id();
    String path = "/v1/conversations/" + id;
    for (int i = 0; i < 3; i++) {
      stored(http.get(path));
    }
    assertThat(http.get(path + "x").status()).isEqualTo(404);
    stored(http.post(path, "{\"metadata\":{\"a\":\"b\"}}"));
    String item = stored(http.post(items(id), "{\"items\":[%s]}".formatted(MESSAGE))).ids().get(0);
    stored(http.get(items(id)));
    stored(http.get(items(id) + "/" + item));
    stored(http.delete(items(id) + "/" + item));
    String response = "/v1/responses/" + unique("resp");
    String turn = "{\"conversation\":\"%s\",\"input\":[%s],\"output\":[]}".formatted(id, MESSAGE);
    stored(http.put(response, turn));
    stored(http.get(response));
    stored(http.get(response + "/input_items"));
    stored(http.get(response + "/chain"));
    String feedback = stored(http.post(response + "/feedback", "{\"rating\":\"positive\"}")).id();
    stored(http.get("/v1/feedback/" + feedback));
    stored(http.delete("/v1/feedback/" + feedback));
    assertThat(http.delete("/v1/feedback/" + feedback).status()).isEqualTo(404);
    stored(http.delete(response));
    stored(http.delete(path));
    assertThat(http.get("/v1/conversations?limit=1000").status()).isEqualTo(400);
    assertThat(http.send("PATCH", "/v1/conversations", null).status()).isEqualTo(405);
    assertThat(http.get("/v1/nothing").status()).isEqualTo(404);

    Map<String, Double> more = Scrape.of(http).since(before);
    more.keySet().removeIf(series -> !series.matches("smg_.*(_total|_stored|_count)\\b.*"));
    assertThat(more).isEqualTo(expected());
  }

  private static Map<String, Double> expected() {
    Map<String, Double> expected = new TreeMap<>();
    operation(expected, "conversation", "put", "success", 2);
    operation(expected, "conversation", "get", "success", 3);
    operation(expected, "conversation", "get", "not_found", 1);
    operation(expected, "conversation", "delete", "success", 1);
    for (String operation : List.of("put", "list", "get", "delete")) {
      operation(expected, "conversation_item", operation, "success", 1);
    }
    operation(expected, "response", "put", "success", 1);
    operation(expected, "response", "get", "success", 1);
    operation(expected, "response", "list", "success", 2);
    operation(expected, "response", "delete", "success", 1);
    operation(expected, "feedback", "put", "success", 1);
    operation(expected, "feedback", "get", "success", 1);
    operation(expected, "feedback", "delete", "success", 1);
    operation(expected, "feedback", "delete", "not_found", 1);
    expected.put("smg_db_items_stored{storage_type=\"conversation\"}", 1.0);
    expected.put("smg_db_items_stored{storage_type=\"conversation_item\"}", 4.0);
    expected.put("smg_db_items_stored{storage_type=\"response\"}", 1.0);
    expected.put("smg_db_items_stored{storage_type=\"feedback\"}", 1.0);
    request(expected, "POST", "/v1/conversations", 1);
    answer(expected, "/v1/conversations", "200", "", 1);
    request(expected, "GET", "/v1/conversations", 1);
    answer(expected, "/v1/conversations", "400", "integer_above_max_value", 1);
    request(expected, "other", "/v1/conversations", 1);
    answer(expected, "/v1/conversations", "405", "method_not_supported", 1);
    request(expected, "GET", "/v1/conversations/{id}", 4);
    request(expected, "POST", "/v1/conversations/{id}", 1);
    request(expected, "DELETE", "/v1/conversations/{id}", 1);
    answer(expected, "/v1/conversations/{id}", "200", "", 5);
    answer(expected, "/v1/conversations/{id}", "404", "", 1);
    String items = "/v1/conversations/{conversation_id}/items";
    request(expected, "POST", items, 1);
    request(expected, "GET", items, 1);
    answer(expected, items, "200", "", 2);
    request(expected, "GET", items + "/{item_id}", 1);
    request(expected, "DELETE", items + "/{item_id}", 1);
    answer(expected, items + "/{item_id}", "200", "", 2);
    request(expected, "PUT", "/v1/responses/{id}", 1);
    request(expected, "GET", "/v1/responses/{id}", 1);
    request(expected, "DELETE", "/v1/responses/{id}", 1);
    answer(expected, "/v1/responses/{id}", "200", "", 3);
    for (String part : List.of("input_items", "chain")) {
      request(expected, "GET", "/v1/responses/{id}/" + part, 1);
      answer(expected, "/v1/responses/{id}/" + part, "200", "", 1);
    }
    request(expected, "POST", "/v1/responses/{response_id}/feedback", 1);
    answer(expected, "/v1/responses/{response_id}/feedback", "200", "", 1);
    request(expected, "GET", "/v1/feedback/{id}", 1);
    request(expected, "DELETE", "/v1/feedback/{id}", 2);
    answer(expected, "/v1/feedback/{id}", "200", "", 2);
    answer(expected, "/v1/feedback/{id}", "404", "", 1);
    request(expected, "GET", "other", 1);
    answer(expected, "other", "404", "", 1);
    // The first of the two scrapes, which is counted once it has been answered.
    request(expected, "GET", "/v1/metrics", 1);
    answer(expected, "/v1/metrics", "200", "", 1);
    return expected;
  }

  private static void operation(
      Map<String, Double> expected, String type, String operation, String result, double number) {
    expected.put(
        "smg_db_operations_total{operation=\"%s\",result=\"%s\",storage_type=\"%s\"}"
            .formatted(operation, result, type),
        number);
    expected.merge(
        "smg_db_operation_duration_seconds_count{operation=\"%s\",storage_type=\"%s\"}"
            .formatted(operation, type),
        number,
        Double::sum);
  }

  private static void request(
      Map<String, Double> expected, String method, String path, double number) {
    String labels = "{method=\"%s\",path=\"%s\"}".formatted(method, path);
    expected.put("smg_http_requests_total" + labels, number);
    expected.put("smg_http_request_duration_seconds_count" + labels, number);
  }

  private static void answer(
      Map<String, Double> expected, String path, String status, String code, double number) {
    expected.put(
        "smg_http_responses_total{error_code=\"%s\",path=\"%s\",status_code=\"%s\"}"
            .formatted(code, path, status),
        number);
  }

  @Test
  void nothingThatAClientSendsBecomesALabel() {
    Scrape.of(http);
    sendOddRequests("zebra");
    Scrape before = Scrape.of(http);

    sendOddRequests("okapi");
    Scrape after = Scrape.of(http);

    assertThat(after.values().keySet()).isEqualTo(before.values().keySet());
    assertThat(after.values()).hasSizeLessThan(MOST_SERIES);
    assertThat(after.values().toString()).doesNotContain("zebra", "okapi");
    assertThat(after.labelValues("method"))
        .isSubsetOf("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "other");
    assertThat(after.labelValues("error_code")).doesNotContain("other");
    assertThat(after.labelValues("status_code")).doesNotContain("other");
  }

  private void sendOddRequests(String word) {
    for (String method : List.of("GET", "PATCH", "PROPFIND", word.toUpperCase(), "HEAD")) {
      for (String path :
          List.of(
              "/", "/v1", "/v1/", "/v1/responses/", "/v1/conversations/a/b/c/d", "/console/x")) {
        http.send(method, path + word, null);
      }
      http.send(method, "/v1/conversations/" + word + "?after=" + word, null);
      http.send(method, "/v1/conversations/" + word + ";jsessionid=" + word, null);
      http.send(method, "/v1/responses?" + word + "=" + word, null);
    }
    for (String body :
        List.of(word, "[" + word, "{\"%1$s\":1,\"items\":\"%1$s\"}".formatted(word))) {
      http.post("/v1/conversations", body);
      http.post("/v1/responses/" + word + "/feedback", body);
      http.put("/v1/responses/" + unique(word), body);
    }
    http.send("POST", "/v1/conversations", List.of("Content-Type: text/" + word), new byte[] {1});
  }

  @Test
  void textIsTheFormatUnlessOpenMetricsIsAccepted() {
    Answer text = stored(http.get(Scrape.PATH));
    Answer open = stored(http.with("Accept: " + OPEN_METRICS).get(Scrape.PATH));

    assertThat(text.header("Content-Type"))
        .contains("text/plain", "version=0.0.4", "charset=utf-8");
    assertThat(text.text()).doesNotContain("# EOF");
    assertThat(open.header("Content-Type"))
        .contains("application/openmetrics-text", "version=1.0.0", "charset=utf-8");
    assertThat(open.text()).endsWith("# EOF\n");
  }

  private static final String OPEN_METRICS =
      "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

  /** What Prometheus accepts if native histograms are switched on. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
        "*/*",
        "text/html",
        "not a type",
        ""
      })
  void whateverElseIsAcceptedItIsText(String accept) {
    Answer answer = stored(http.with("Accept: " + accept).get(Scrape.PATH));

    assertThat(answer.header("Content-Type")).startsWith("text/plain");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/metrics", "/metrics"})
  void theFiguresAreAtBothPaths(String path) {
    Answer answer = stored(http.get(path));
    Answer head = http.send("HEAD", path, null);

    assertThat(Scrape.parse(answer.text()).has("smg_http_requests_total")).isTrue();
    assertThat(answer.header("Content-Type")).startsWith("text/plain");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(http.with("Accept: " + OPEN_METRICS).get(path).text()).endsWith("# EOF\n");
    assertThat(http.post(path, "{}").status()).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/metrics", "/metrics"})
  void withoutAuthenticationOnlyThisMachineGetsThem(String path) {
    String reason = "reason=\"authentication_not_configured\"";
    double before = Scrape.of(http).value("history_requests_refused_total", reason);

    assertThat(Refusal.of(http.named("history.example").get(path)).code())
        .isEqualTo("authentication_not_configured");

    assertThat(Scrape.of(http).value("history_requests_refused_total", reason))
        .isEqualTo(before + 1);
  }

  @Test
  void theFiguresCanBeReadWhileRequestsRun() {
    if (!keeps()) {
      return;
    }
    String conversation = Fixtures.conversation(http);
    RoundRobin alone = new RoundRobin(List.of(http));
    Scrape last = Scrape.of(http);
    double begin = last.value("smg_db_items_stored", "storage_type=\"conversation_item\"");
    try (Writers writers = new Writers(alone, conversation)) {
      for (int round = 1; round <= 5; round++) {
        writers.awaitWrites(20);
        Scrape next = Scrape.of(http);
        assertThat(next.sum("smg_db_operations_total"))
            .isGreaterThan(last.sum("smg_db_operations_total"));
        last = next;
      }
      writers.finish();
    }
    assertThat(last.value("smg_http_connections_active")).isGreaterThanOrEqualTo(1);
    int stored = alone.itemIds(conversation).size();
    Scrape end = Scrape.of(http);
    // A turn that is repeated is counted again.
    assertThat(end.value("smg_db_items_stored", "storage_type=\"conversation_item\"") - begin)
        .isGreaterThanOrEqualTo(stored);
    assertThat(end.value("smg_http_connections_active")).isEqualTo(1);
    assertThat(end.value("smg_db_connections_active")).isZero();
  }
}
