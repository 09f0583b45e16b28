package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.GatewayServer.says;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** The figures of what a model server is asked. */
@OnLiberty
@ServedBy(
    value = {MEMORY},
    withModelServer = true)
class ModelServerMetricsIT {

  private static final String OPEN = "history_model_server_answers_open";
  private static final String RUNS = "history_runs_total";
  private static final String TOKENS = "history_run_tokens_total";
  private static final String FAILURES = "history_model_server_failures_total";

  private final GatewayServer gateway;
  private final Http http;

  ModelServerMetricsIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http();
  }

  private CompletableFuture<Answer> asked() {
    return gateway.asked(GatewayServer.request("\"input\":\"q\""));
  }

  private static double since(Scrape before, Scrape now, String name, String labels) {
    return now.value(name, labels) - before.value(name, labels);
  }

  /** Where the caller has its answer, the last figures may just be written. */
  private Scrape whenEnded() {
    Writers.await("an answer is open", () -> Scrape.of(http).value(OPEN) == 0);
    return Scrape.of(http);
  }

  @Test
  void aTurnIsCountedWithItsTokens() throws IOException {
    Scrape before = whenEnded();
    CompletableFuture<Answer> asked = asked();
    try (Call call = gateway.model().take()) {
      Scrape meanwhile = Scrape.of(http);
      assertThat(meanwhile.value(OPEN)).isEqualTo(1);
      assertThat(since(before, meanwhile, RUNS, "status=\"in_progress\"")).isEqualTo(1);
      assertThat(since(before, meanwhile, RUNS, "status=\"completed\"")).isZero();
      call.respond(ModelAnswer.completed(says("a")));
    }
    stored(asked.join());

    Scrape after = whenEnded();
    assertThat(since(before, after, RUNS, "status=\"completed\"")).isEqualTo(1);
    Map.of("input", 12, "cached", 3, "output", 5, "reasoning", 2)
        .forEach(
            (kind, tokens) ->
                assertThat(since(before, after, TOKENS, "kind=\"%s\"".formatted(kind)))
                    .as(kind)
                    .isEqualTo(tokens.doubleValue()));
    assertThat(
            since(
                before,
                after,
                "history_model_server_first_byte_seconds_count",
                "path=\"/v1/responses\""))
        .isEqualTo(1);
  }

  @Test
  void aFailureIsCountedByItsCodeAndARefusalByItsStatus() throws IOException {
    Scrape before = whenEnded();
    for (int status : new int[] {500, 429}) {
      CompletableFuture<Answer> asked = asked();
      try (Call call = gateway.model().take()) {
        call.answer(
            status,
            "application/json",
            "{\"error\":{\"message\":\"no\",\"type\":\"requests\",\"param\":null,\"code\":null}}");
      }
      assertThat(asked.join().status()).isEqualTo(status == 500 ? 502 : status);
    }

    Scrape after = whenEnded();
    assertThat(since(before, after, FAILURES, "code=\"model_server_error\"")).isEqualTo(1);
    assertThat(since(before, after, FAILURES, "code=\"429\"")).isEqualTo(1);
    assertThat(since(before, after, RUNS, "status=\"failed\"")).isEqualTo(2);
  }
}
