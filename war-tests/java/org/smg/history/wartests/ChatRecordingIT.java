package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Chat completions that are recorded on their way. */
@OnLiberty
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"MEMORY", "POSTGRES", "REDIS"})
class ChatRecordingIT {

  private static final String CHAT = "/v1/chat/completions";
  private static final String DONE = "data: [DONE]\n\n";

  private static ScriptedModelServer model;
  private static ApplicationServer server;
  private static Http http;

  /** Tells the calls of a test from those of others. */
  private final String user = unique("user");

  @SuppressWarnings("unused")
  ChatRecordingIT(TestBackend backend) {
    // The server of the backend is shared by the tests.
  }

  @BeforeParameterizedClassInvocation
  static void start(TestBackend backend) {
    model = ScriptedModelServer.start();
    Map<String, String> options = new TreeMap<>(backend.options());
    options.put("MODEL_SERVER_URL", model.url());
    options.put("MODEL_SERVER_TIMEOUT_SECS", "5");
    server = TestServer.chosen().start("chat-" + backend.name().toLowerCase(), options);
    http = server.http();
  }

  @AfterParameterizedClassInvocation
  static void stop() throws IOException {
    server.close();
    model.close();
  }

  private String request(String members) {
    return """
        {"model":"m","user":"%s","messages":[{"role":"system","content":"be kind"},
         {"role":"user","content":[{"type":"text","text":"Will it rain?"}]}]%s}"""
        .formatted(user, members);
  }

  private static String chunk(String delta) {
    return "data: {\"id\":\"chatcmpl-1\",\"created\":5,\"model\":\"m-1\",\"choices\":[{\"index\":0,\"delta\":%s}]}\n\n"
        .formatted(delta);
  }

  private static String statusOf(String id) {
    return stored(http.get("/v1/responses/" + id)).json().path("status").textValue();
  }

  private JsonNode onlyRecord() {
    JsonNode list = stored(http.get("/v1/responses?user=" + user)).json();
    assertThat(list.path("data")).hasSize(1);
    return list.path("data").path(0);
  }

  @Test
  void aCompletionIsRecordedBeforeItIsAnswered() throws IOException {
    Instant begin = Instant.now();
    CompletableFuture<Answer> answered =
        CompletableFuture.supplyAsync(
            () -> http.post(CHAT, request(",\"metadata\":{\"topic\":\"rain\"}")));
    String completion =
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":5,"model":"m-1","choices":[{"index":0,
         "finish_reason":"stop","message":{"role":"assistant","content":"Take an umbrella."}}],
         "usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17}}""";
    try (ScriptedModelServer.Call call = model.take()) {
      call.json(completion);
    }
    Answer answer = answered.join();

    assertThat(answer.text()).isEqualTo(completion);
    String id = answer.header("x-history-response-id");
    JsonNode record = stored(http.get("/v1/responses/" + id)).json();
    assertThat(record.path("status").textValue()).isEqualTo("completed");
    assertThat(record.path("model").textValue()).isEqualTo("m-1");
    // When the request came: the record was there before the completion.
    assertThat(record.path("created_at").longValue())
        .isBetween(begin.getEpochSecond(), Instant.now().getEpochSecond());
    assertThat(record.path("usage").path("total_tokens").intValue()).isEqualTo(17);
    assertThat(record.path("metadata").path("topic").textValue()).isEqualTo("rain");
    assertThat(record.path("output").path(0).path("id").textValue()).startsWith("msg_");
    assertThat(record.path("output").path(0).path("content").path(0).path("text").textValue())
        .isEqualTo("Take an umbrella.");
    JsonNode input = stored(http.get("/v1/responses/" + id + "/input_items?order=asc")).json();
    assertThat(input.path("data")).hasSize(2);
    assertThat(input.path("data").path(1).path("content").path(0).path("text").textValue())
        .isEqualTo("Will it rain?");
    assertThat(onlyRecord().path("id").textValue()).isEqualTo(id);
    stored(http.post("/v1/responses/" + id + "/feedback", "{\"rating\":\"positive\"}"));
  }

  /** The caller may ask for the record as soon as it has the last event. */
  @Test
  void aStreamIsRecordedBeforeItsLastEvent() throws IOException {
    try (StreamReader caller = StreamReader.post(server, CHAT, request(",\"stream\":true"));
        ScriptedModelServer.Call call = model.take()) {
      call.stream();
      String first = chunk("{\"role\":\"assistant\",\"content\":\"Take \"}");
      call.chunk(first);
      assertThat(caller.event()).isEqualTo(first);
      String id = header(caller, "x-history-response-id");
      assertThat(statusOf(id)).isEqualTo("in_progress");
      String second = chunk("{\"content\":\"an umbrella.\"}");
      // Cut where no event ends.
      call.chunk(second.substring(0, 20));
      call.chunk(second.substring(20));
      assertThat(caller.event()).isEqualTo(second);
      call.chunk(DONE);
      call.endStream();

      assertThat(caller.event()).isEqualTo(DONE);
      assertThat(stored(http.get("/v1/responses/" + id)).text()).contains("Take an umbrella.");
      assertThat(caller.event()).isNull();
    }
  }

  private static String header(StreamReader caller, String name) throws IOException {
    return caller.head().stream()
        .filter(line -> line.toLowerCase().startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aStreamThatBreaksOffIsRecordedAsFailedWithWhatHadArrived() throws IOException {
    try (StreamReader caller = StreamReader.post(server, CHAT, request(",\"stream\":true"));
        ScriptedModelServer.Call call = model.take()) {
      call.stream();
      call.chunk(chunk("{\"content\":\"Take \"}"));
      caller.event();
      call.cutOff();

      assertThat(caller.event()).contains("model_server_error");
      JsonNode record = onlyRecord();
      assertThat(record.path("id").textValue()).isEqualTo(header(caller, "x-history-response-id"));
      assertThat(record.path("status").textValue()).isEqualTo("failed");
      assertThat(record.path("error").path("code").textValue()).isEqualTo("model_server_error");
      assertThat(record.path("output").path(0).toString()).contains("Take ", "incomplete");
    }
  }

  /** One that only stops is no better: it may have been cut anywhere. */
  @Test
  void aStreamWithoutItsLastEventIsNoAnswer() throws IOException {
    try (StreamReader caller = StreamReader.post(server, CHAT, request(",\"stream\":true"));
        ScriptedModelServer.Call call = model.take()) {
      call.stream();
      call.chunk(chunk("{\"content\":\"Take \"}"));
      call.endStream();

      caller.event();
      assertThat(caller.event()).contains("model_server_error");
      assertThat(onlyRecord().path("status").textValue()).isEqualTo("failed");
    }
  }

  @Test
  void aFailureIsRecordedWithItsPrompt() throws IOException {
    CompletableFuture<Answer> answered =
        CompletableFuture.supplyAsync(() -> http.post(CHAT, request("")));
    try (ScriptedModelServer.Call call = model.take()) {
      call.answer(500, "text/plain", "out of memory");
    }

    assertThat(answered.join().status()).isEqualTo(502);
    JsonNode record = onlyRecord();
    assertThat(record.path("status").textValue()).isEqualTo("failed");
    assertThat(
            stored(
                    http.get(
                        "/v1/responses/%s/input_items".formatted(record.path("id").textValue())))
                .text())
        .contains("Will it rain?");
  }

  @Test
  void whatTheModelServerRefusesIsRecordedAsFailed() throws IOException {
    CompletableFuture<Answer> answered =
        CompletableFuture.supplyAsync(() -> http.post(CHAT, request("")));
    try (ScriptedModelServer.Call call = model.take()) {
      call.answer(
          400,
          "application/json",
          "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}");
    }

    assertThat(answered.join().status()).isEqualTo(400);
    assertThat(onlyRecord().path("status").textValue()).isEqualTo("failed");
  }

  @Test
  void whatIsNoCompletionIsABadGateway() throws IOException {
    CompletableFuture<Answer> answered =
        CompletableFuture.supplyAsync(() -> http.post(CHAT, request("")));
    try (ScriptedModelServer.Call call = model.take()) {
      call.json("[1");
    }

    assertThat(answered.join().status()).isEqualTo(502);
    assertThat(onlyRecord().path("status").textValue()).isEqualTo("failed");
  }

  @Test
  void aCallerThatHangsUpLosesNothing() throws IOException {
    ScriptedModelServer.Call call;
    String id;
    try (StreamReader caller = StreamReader.post(server, CHAT, request(",\"stream\":true"))) {
      call = model.take();
      call.stream();
      call.chunk(chunk("{\"content\":\"0\"}"));
      caller.event();
      id = header(caller, "x-history-response-id");
    }
    try (call) {
      for (int i = 1; i < 20; i++) {
        call.chunk(chunk("{\"content\":\" %d\"}".formatted(i)));
      }
      call.chunk(DONE);
      call.endStream();
    }
    Writers.await("the answer is not recorded", () -> statusOf(id).equals("completed"));
    assertThat(http.get("/v1/responses/" + id).text()).contains("0 1 2 3", "18 19");
  }

  @Test
  void aRequestMayForbidIt() throws IOException {
    CompletableFuture<Answer> answered =
        CompletableFuture.supplyAsync(() -> http.post(CHAT, request(",\"store\":false")));
    try (ScriptedModelServer.Call call = model.take()) {
      assertThat(call.body()).contains("\"store\":false");
      call.json("{\"choices\":[]}");
    }

    assertThat(answered.join().status()).isEqualTo(200);
    assertThat(answered.join().header("x-history-response-id")).isNull();
    assertThat(stored(http.get("/v1/responses?user=" + user)).ids()).isEmpty();
  }

  /** It is said before the model is paid for. */
  @Test
  void whatCannotBeRecordedIsNotAsked() {
    Answer tooLong =
        http.post(CHAT, request(",\"metadata\":{\"k\":\"%s\"}".formatted("v".repeat(513))));
    Answer noJson = http.post(CHAT, "{\"messages\":");

    assertThat(Refusal.of(tooLong).code()).isEqualTo("string_above_max_length");
    assertThat(Refusal.of(noJson).code()).isEqualTo("invalid_json");
    assertThat(model.isAsked()).isFalse();
  }
}
