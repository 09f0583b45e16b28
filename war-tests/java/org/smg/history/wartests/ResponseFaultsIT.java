package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.words;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.in;
import static org.smg.history.wartests.GatewayServer.request;
import static org.smg.history.wartests.GatewayServer.says;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.wartests.ScriptedModelServer.Call;

/**
 * What becomes of a response when the model server does not answer it: the caller is told, the
 * record says so and keeps what had arrived, and the conversation gets nothing and can go on.
 */
@OnLiberty
@ServedBy(
    value = {MEMORY, POSTGRES, REDIS},
    withModelServer = true)
class ResponseFaultsIT {

  private static final String REFUSAL =
      "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":\"x\",\"code\":\"c\"}}";

  private final GatewayServer gateway;
  private final Http http;

  private String conversation;

  ResponseFaultsIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http();
  }

  @BeforeEach
  void make() {
    conversation = Fixtures.conversation(http, List.of("t0"));
  }

  @AfterEach
  void theConversationGoesOn() {
    assertThat(gateway.model().left()).isEmpty();
    assertThat(wordsOf(conversation)).containsExactly("t0");
    stored(gateway.ask(in(conversation, "\"q2\""), ModelAnswer.completed(says("a2"))).answer());
    assertThat(wordsOf(conversation)).containsExactly("t0", "q2", "a2");
  }

  private List<String> wordsOf(String conversation) {
    return words(gateway.list(items(conversation)).json().path("data"));
  }

  private CompletableFuture<Answer> asked() {
    return gateway.asked(in(conversation, "\"q1\""));
  }

  /** The only response of the conversation, which must have failed; its prompt is there. */
  private JsonNode failedRecord() {
    List<String> records = stored(http.get(RESPONSES + "?conversation=" + conversation)).ids();
    assertThat(records).hasSize(1);
    JsonNode record = gateway.record(records.get(0));
    assertThat(record.path("status").textValue()).as(record.toString()).isEqualTo("failed");
    assertThat(
            words(
                gateway
                    .list(RESPONSES + "/" + records.get(0) + "/input_items")
                    .json()
                    .path("data")))
        .containsExactly("q1");
    return record;
  }

  private void assertFailed(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(Refusal.of(answer).code()).isEqualTo(code);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    JsonNode record = failedRecord();
    assertThat(record.path("error").path("code").textValue()).isEqualTo(code);
    assertThat(record.path("output").isArray()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 404, 422})
  void itsRefusalsAreAnsweredAsTheyCame(int status) throws IOException {
    CompletableFuture<Answer> asked = asked();
    try (Call call = gateway.model().take()) {
      call.answer(status, "application/json", REFUSAL);
    }

    assertThat(asked.join().status()).isEqualTo(status);
    assertThat(asked.join().text()).isEqualTo(REFUSAL);
    assertThat(asked.join().header("x-should-retry")).isEqualTo("false");
    failedRecord();
  }

  /** A repetition of this one is paid for when it succeeds. */
  @Test
  void itsLimitMayBeTriedAgain() throws IOException {
    CompletableFuture<Answer> asked = asked();
    try (Call call = gateway.model().take()) {
      call.answer(429, "application/json", REFUSAL, "Retry-After: 7");
    }

    assertThat(asked.join().status()).isEqualTo(429);
    assertThat(asked.join().text()).isEqualTo(REFUSAL);
    assertThat(asked.join().header("Retry-After")).isEqualTo("7");
    assertThat(asked.join().header("x-should-retry")).isNull();
    failedRecord();
  }

  /** A stream that is refused has not begun. */
  @ParameterizedTest
  @ValueSource(ints = {400, 429})
  void itsRefusalOfAStreamIsAnsweredAsItCame(int status) throws IOException {
    CompletableFuture<Answer> asked =
        gateway.asked(GatewayServer.streamed(in(conversation, "\"q1\"")));
    try (Call call = gateway.model().take()) {
      call.answer(status, "application/json", REFUSAL, "Retry-After: 7");
    }

    assertThat(asked.join().status()).isEqualTo(status);
    assertThat(asked.join().text()).isEqualTo(REFUSAL);
    failedRecord();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503})
  void itsFailuresAreABadGateway(int status) throws IOException {
    CompletableFuture<Answer> asked = asked();
    try (Call call = gateway.model().take()) {
      call.answer(status, "application/json", "{\"secret\":1}");
    }

    assertFailed(asked.join(), 502, "model_server_error");
    assertThat(asked.join().text()).doesNotContain("secret");
  }

  @Test
  void oneThatCannotBeReachedMayBeAskedAgain() throws IOException {
    gateway.model().stopListening();
    Answer answer;
    try {
      answer = http.post(RESPONSES, in(conversation, "\"q1\""));
    } finally {
      gateway.model().listen();
    }

    assertThat(answer.status()).isEqualTo(502);
    assertThat(Refusal.of(answer).code()).isEqualTo("model_server_error");
    assertThat(answer.header("x-should-retry")).isNull();
    failedRecord();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HELLO\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[1",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"output\":\"\"}",
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
      })
  void whatIsNoAnswerIsABadGateway(String bytes) throws IOException {
    CompletableFuture<Answer> asked = asked();
    try (Call call = gateway.model().take()) {
      call.send(bytes);
    }

    assertFailed(asked.join(), 502, "model_server_error");
  }

  /** Before its answer, and in it. */
  @Test
  void oneThatIsSilentIsGivenUp() throws IOException {
    CompletableFuture<Answer> asked = asked();
    try (Call silent = gateway.model().take()) {
      CompletableFuture<Answer> other = gateway.asked(request("\"input\":\"q1\""));
      try (Call begun = gateway.model().take()) {
        begun.send(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");

        assertFailed(asked.join(), 504, "model_server_timeout");
        assertThat(other.join().status()).isEqualTo(504);
        silent.awaitHangUp();
        begun.awaitHangUp();
      }
    }
  }

  /** Asks for a stream and sends its events up to the first word of a message. */
  private Call begunStream(StreamReader caller) throws IOException {
    Call call = gateway.model().take();
    call.stream();
    for (String event : ModelAnswer.completed(says("Take an umbrella.")).events().subList(0, 5)) {
      call.chunk(event);
      SentEvent.next(caller);
    }
    return call;
  }

  private void assertFailed(StreamReader caller, String code) throws IOException {
    List<SentEvent> end = SentEvent.rest(caller);
    assertThat(end).extracting(SentEvent::type).containsExactly("response.failed");
    JsonNode response = end.get(0).response();
    assertThat(end.get(0).data().path("sequence_number").intValue()).isEqualTo(5);
    assertThat(response.path("error").path("code").textValue()).isEqualTo(code);
    JsonNode record = failedRecord();
    assertThat(record).isEqualTo(response);
    assertThat(words(record.path("output"))).containsExactly("Take ");
    assertThat(record.path("output").path(0).path("status").textValue()).isEqualTo("incomplete");
  }

  @Test
  void aStreamThatBreaksOffEndsAsFailedWithWhatHadArrived() throws IOException {
    try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""));
        Call call = begunStream(caller)) {
      call.cutOff();

      assertFailed(caller, "model_server_error");
    }
  }

  @Test
  void aStreamThatBreaksOffInAnEventEndsAsFailed() throws IOException {
    try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""));
        Call call = begunStream(caller)) {
      call.chunk("event: response.output_text.delta\ndata: {\"type\":\"response.outp");
      call.cutOff();

      assertFailed(caller, "model_server_error");
    }
  }

  /** It may have been cut anywhere. */
  @Test
  void aStreamWithoutItsLastEventIsNoAnswer() throws IOException {
    try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""));
        Call call = begunStream(caller)) {
      call.endStream();

      assertFailed(caller, "model_server_error");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: {\"type\":\n\n",
        "data: <html>\n\n",
        "event: error\ndata: {\"type\":\"error\",\"sequence_number\":5,\"error\":{\"type\":\"server_error\","
            + "\"code\":null,\"message\":\"gone\",\"param\":null}}\n\n",
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":5}\n\n"
      })
  void garbageInAStreamEndsItAsFailed(String event) throws IOException {
    try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""));
        Call call = begunStream(caller)) {
      call.chunk(event);
      call.endStream();

      assertFailed(caller, "model_server_error");
    }
  }

  @Test
  void aStreamThatFallsSilentEndsAsFailed() throws IOException {
    try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""));
        Call call = begunStream(caller)) {
      assertFailed(caller, "model_server_timeout");
      call.awaitHangUp();
    }
  }

  /** Answers that nothing is to be kept of fail the same way. */
  @Test
  void whatIsNotToBeStoredFailsWithoutARecord() throws IOException {
    CompletableFuture<Answer> asked =
        gateway.asked(
            request(
                "\"store\":false,\"conversation\":\"%s\",\"input\":\"q1\""
                    .formatted(conversation)));
    try (Call call = gateway.model().take()) {
      call.cutOff();
    }

    assertThat(asked.join().status()).isEqualTo(502);
    assertThat(Refusal.of(asked.join()).code()).isEqualTo("model_server_error");
    assertThat(asked.join().header("x-should-retry")).isEqualTo("false");
    assertThat(stored(http.get(RESPONSES + "?conversation=" + conversation)).ids()).isEmpty();
  }
}
