package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes through to a model server and back, byte for byte. */
@OnOneGlassFish
@TestInstance(Lifecycle.PER_CLASS)
class ModelServerIT {

  private static final String CHAT = "/v1/chat/completions";

  /** As no JSON library would write it. */
  private static final String BODY =
      "{ \"model\":\"m\",\n \"messages\":[ {\"role\":\"user\",\"content\":\"h\\u00e9\"} ],\"x\":1E2 }";

  private static final int MOST_STREAMS = 4;
  private static final int LONGEST_REQUEST = 20_000;

  private ScriptedModelServer model;
  private ApplicationServer server;
  private Http http;

  @BeforeAll
  void start() {
    model = ScriptedModelServer.start();
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.put("MODEL_SERVER_URL", model.url() + "/");
    options.put("MODEL_SERVER_API_KEY", "sk-of-the-server");
    options.put("HISTORY_RECORD_CHAT", "false");
    options.put("MODEL_SERVER_TIMEOUT_SECS", "2");
    options.put("MODEL_SERVER_MAX_STREAMS", Integer.toString(MOST_STREAMS));
    options.put("MODEL_SERVER_MAX_REQUEST_BYTES", Integer.toString(LONGEST_REQUEST));
    server = TestServer.chosen().start("model-server", options);
    http = server.http();
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
    model.close();
  }

  /** Each test takes what it caused. */
  @AfterEach
  void nothingIsLeft() {
    assertThat(model.isAsked()).isFalse();
  }

  private CompletableFuture<Answer> asked(String method, String target, String body) {
    return CompletableFuture.supplyAsync(() -> http.send(method, target, body));
  }

  private StreamReader streamed() throws IOException {
    return StreamReader.post(server, CHAT, BODY);
  }

  @Test
  void aChatCompletionGoesThroughByteForByte() throws IOException {
    String completion = "{\"id\" : \"chatcmpl-1\",\n\"choices\":[], \"n\":1.50}\n";
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(
            () ->
                http.with(
                        "Idempotency-Key: key-1",
                        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                    .post(CHAT, BODY));
    try (ScriptedModelServer.Call call = model.take()) {
      assertThat(call.head().get(0)).isEqualTo("POST /v1/chat/completions HTTP/1.1");
      assertThat(call.body()).isEqualTo(BODY);
      assertThat(call.header("Content-Type")).isEqualTo("application/json");
      assertThat(call.header("Authorization")).isEqualTo("Bearer sk-of-the-server");
      assertThat(call.header("Idempotency-Key")).isEqualTo("key-1");
      assertThat(call.header("traceparent"))
          .isEqualTo("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
      assertThat(call.header("Upgrade")).isNull();
      call.json(completion);
    }

    assertThat(answer.join().status()).isEqualTo(200);
    assertThat(answer.join().text()).isEqualTo(completion);
    assertThat(answer.join().header("Content-Type")).startsWith("application/json");
    assertThat(answer.join().header("Content-Length"))
        .isEqualTo(Integer.toString(completion.length()));
    assertThat(answer.join().header("x-request-id")).startsWith("req_");
  }

  @Test
  void theTraceOfAResponseGoesOn() throws IOException {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(
            () ->
                http.with("traceparent: " + trace, "tracestate: a=b")
                    .post("/v1/responses", "{\"model\":\"m\",\"input\":\"q\"}"));
    try (ScriptedModelServer.Call call = model.take()) {
      assertThat(call.header("traceparent")).isEqualTo(trace);
      assertThat(call.header("tracestate")).isEqualTo("a=b");
      call.respond(ModelAnswer.completed());
    }
    assertThat(answer.join().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/models,",
    "GET,/v1/models/m,",
    "GET,/v1/models/meta-llama/Llama-3%201,",
    "POST,/v1/embeddings,{}"
  })
  void otherEndpointsGoThrough(String method, String target, String body) throws IOException {
    CompletableFuture<Answer> answer = asked(method, target, body);
    try (ScriptedModelServer.Call call = model.take()) {
      assertThat(call.head().get(0)).isEqualTo("%s %s HTTP/1.1".formatted(method, target));
      assertThat(call.body()).isEqualTo(body == null ? "" : body);
      call.json("{\"object\":\"list\"}");
    }
    assertThat(answer.join().text()).isEqualTo("{\"object\":\"list\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models/a//b", "/v1/models/%2e%2e/chat", "/v1/models/"})
  void aModelsNameLeadsNowhereElse(String target) {
    assertThat(http.get(target).status()).isBetween(400, 404);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 422, 429})
  void itsRefusalsAreAnsweredAsTheyCame(int status) throws IOException {
    String error =
        "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"c\"}}";
    CompletableFuture<Answer> answer = asked("POST", CHAT, BODY);
    try (ScriptedModelServer.Call call = model.take()) {
      call.answer(status, "application/json", error, "Retry-After: 7");
    }
    assertThat(answer.join().status()).isEqualTo(status);
    assertThat(answer.join().text()).isEqualTo(error);
    assertThat(answer.join().header("Retry-After")).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503})
  void itsFailuresAreABadGateway(int status) throws IOException {
    CompletableFuture<Answer> answer = asked("POST", CHAT, BODY);
    try (ScriptedModelServer.Call call = model.take()) {
      call.answer(status, "application/json", "{\"secret\":1}");
    }
    assertFailed(answer.join(), 502, "model_server_error");
    assertThat(answer.join().text()).contains(Integer.toString(status)).doesNotContain("secret");
  }

  @Test
  void whatIsNoJsonIsABadGateway() throws IOException {
    CompletableFuture<Answer> answer = asked("POST", CHAT, BODY);
    try (ScriptedModelServer.Call call = model.take()) {
      call.answer(200, "text/html", "<html>");
    }
    assertFailed(answer.join(), 502, "model_server_error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HELLO\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: appl",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
      })
  void anAnswerThatBreaksOffIsABadGateway(String bytes) throws IOException {
    CompletableFuture<Answer> answer = asked("POST", CHAT, BODY);
    try (ScriptedModelServer.Call call = model.take()) {
      call.send(bytes);
    }
    assertFailed(answer.join(), 502, "model_server_error");
  }

  @Test
  void oneThatCannotBeReachedMayBeAskedAgain() throws IOException {
    model.stopListening();
    Answer answer = http.post(CHAT, BODY);
    model.listen();

    assertThat(answer.status()).isEqualTo(502);
    assertThat(Refusal.of(answer).code()).isEqualTo("model_server_error");
    assertThat(answer.header("x-should-retry")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
      })
  void oneThatIsSilentIsGivenUp(String bytes) throws IOException {
    CompletableFuture<Answer> answer = asked("POST", CHAT, BODY);
    try (ScriptedModelServer.Call call = model.take()) {
      call.send(bytes);

      assertFailed(answer.join(), 504, "model_server_timeout");
      call.awaitHangUp();
    }
  }

  /** An answer that a stream or a failure ended late counts like any other. */
  @Test
  void answersAreCountedWhenTheyHaveEnded() throws IOException {
    CompletableFuture<Answer> answer = asked("POST", CHAT, BODY);
    try (ScriptedModelServer.Call call = model.take()) {
      call.answer(500, "application/json", "{}");
    }
    assertThat(answer.join().status()).isEqualTo(502);

    Writers.await(
        "the answer is not counted",
        () ->
            http.get("/v1/metrics")
                .text()
                .contains(
                    "smg_http_responses_total{error_code=\"model_server_error\","
                        + "path=\"/v1/chat/completions\",status_code=\"502\"}"));
    // The one that asks for the figures.
    Writers.await(
        "a request is still counted as being answered",
        () -> http.get("/v1/metrics").text().contains("\nsmg_http_connections_active 1.0\n"));
  }

  private static void assertFailed(Answer answer, int status, String code) {
    assertThat(answer.status()).isEqualTo(status);
    assertThat(Refusal.of(answer).code()).isEqualTo(code);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
  }

  @Test
  void aRequestThatIsTooLongIsNotSent() {
    String body = "{\"model\":\"%s\"}".formatted("m".repeat(LONGEST_REQUEST));

    assertThat(Refusal.of(http.post(CHAT, body)).code()).isEqualTo("context_length_exceeded");
  }

  @Test
  void aBodyThatIsNotJsonIsNotSent() {
    Answer answer = http.send("POST", CHAT, List.of("Content-Type: text/plain"), BODY.getBytes());

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void theCallersOwnKeyForTheModelServerGoesFirst() throws IOException {
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(
            () ->
                http.with("X-Model-Authorization: Bearer own", "Authorization: Bearer other")
                    .post(CHAT, BODY));
    try (ScriptedModelServer.Call call = model.take()) {
      assertThat(call.header("Authorization")).isEqualTo("Bearer own");
      assertThat(String.join("\n", call.head())).doesNotContain("other", "X-Model");
      call.json("{}");
    }
    assertThat(answer.join().status()).isEqualTo(200);
  }

  /** The model server does not send an event before the caller has the one before it. */
  @Test
  void eachEventLeavesAtOnce() throws IOException {
    try (StreamReader caller = streamed();
        ScriptedModelServer.Call call = model.take()) {
      call.stream();
      for (int i = 0; i < 20; i++) {
        String event = "data: {\"n\":%d}\n\n".formatted(i);
        call.chunk(event);
        assertThat(caller.event()).isEqualTo(event);
      }
      call.chunk("data: [DONE]\n\n");
      call.endStream();

      assertThat(caller.event()).isEqualTo("data: [DONE]\n\n");
      assertThat(caller.event()).isNull();
      assertThat(caller.head())
          .anyMatch(line -> line.toLowerCase().startsWith("content-type: text/event-stream"))
          .anyMatch(line -> line.equalsIgnoreCase("Cache-Control: no-cache"));
    }
    Writers.await(
        "the stream is not in the log",
        () -> server.log().lines().anyMatch(ModelServerIT::tellsOfTheStream));
  }

  private static boolean tellsOfTheStream(String line) {
    return line.contains("/v1/chat/completions")
        && line.contains("An answer of the model server has been relayed")
        && line.contains("complete");
  }

  @Test
  void aLongStreamArrivesWhole() throws IOException {
    try (StreamReader caller = streamed();
        ScriptedModelServer.Call call = model.take()) {
      call.stream();
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < 2000; i++) {
                    call.chunk("data: %d %s\n\n".formatted(i, "x".repeat(5000)));
                  }
                  call.endStream();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      for (int i = 0; i < 2000; i++) {
        assertThat(caller.event()).startsWith("data: " + i + " x");
      }
      assertThat(caller.event()).isNull();
      sending.join();
    }
  }

  @Test
  void aStreamThatBreaksOffEndsWithAnError() throws IOException {
    try (StreamReader caller = streamed();
        ScriptedModelServer.Call call = model.take()) {
      call.stream();
      call.chunk("data: 1\n\n");
      assertThat(caller.event()).isEqualTo("data: 1\n\n");
      call.cutOff();

      assertThat(caller.event()).contains("\"code\":\"model_server_error\"");
      assertThat(caller.event()).isNull();
    }
  }

  @Test
  void aStreamThatFallsSilentEndsWithAnError() throws IOException {
    try (StreamReader caller = streamed();
        ScriptedModelServer.Call call = model.take()) {
      call.stream();
      call.chunk("data: 1\n\n");
      assertThat(caller.event()).isEqualTo("data: 1\n\n");

      assertThat(caller.event()).contains("\"code\":\"model_server_timeout\"");
      assertThat(caller.event()).isNull();
      call.awaitHangUp();
    }
  }

  /** A hang-up is noticed when something is written. */
  @Test
  void whatNobodyReadsIsNotAskedForAnyMore() throws IOException {
    try (ScriptedModelServer.Call call = hungUp()) {
      Writers.await(
          "the call goes on",
          () -> {
            try {
              call.chunk("data: 2\n\n");
              return false;
            } catch (IOException closed) {
              return true;
            }
          });
    }
  }

  private ScriptedModelServer.Call hungUp() throws IOException {
    try (StreamReader caller = streamed()) {
      ScriptedModelServer.Call call = model.take();
      call.stream();
      call.chunk("data: 1\n\n");
      caller.event();
      return call;
    }
  }

  @Test
  void callersThatDoNotReadDelayNobody() throws IOException {
    List<AutoCloseable> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < MOST_STREAMS - 1; i++) {
        StreamReader caller = streamed();
        ScriptedModelServer.Call call = model.take();
        stuck.add(caller);
        stuck.add(call);
        call.stream();
        CompletableFuture.runAsync(() -> flood(call));
      }
      eachEventLeavesAtOnce();
    } finally {
      close(stuck);
    }
  }

  private static void flood(ScriptedModelServer.Call call) {
    String event = "data: %s\n\n".formatted("x".repeat(100_000));
    try {
      while (true) {
        call.chunk(event);
      }
    } catch (IOException closed) {
      // Enough.
    }
  }

  @Test
  void thereAreNoMoreStreamsThanAllowed() throws IOException {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      // Those of other tests may still end.
      Writers.await("a stream is free", () -> !isRefused(open));
      while (open.size() < 2 * MOST_STREAMS) {
        open(open);
      }

      Answer refused = http.post(CHAT, BODY);

      assertThat(refused.status()).isEqualTo(429);
      assertThat(Refusal.of(refused).code()).isEqualTo("too_many_streams");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
    } finally {
      close(open);
    }
  }

  private boolean isRefused(List<AutoCloseable> open) {
    try {
      open(open);
      return false;
    } catch (IOException | AssertionError notYet) {
      return true;
    }
  }

  private void open(List<AutoCloseable> open) throws IOException {
    StreamReader caller = streamed();
    ScriptedModelServer.Call call = model.take();
    open.add(caller);
    open.add(call);
    call.stream();
    call.chunk("data: 1\n\n");
    assertThat(caller.event()).isEqualTo("data: 1\n\n");
  }

  private static void close(List<AutoCloseable> open) {
    for (AutoCloseable one : open) {
      try {
        one.close();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
