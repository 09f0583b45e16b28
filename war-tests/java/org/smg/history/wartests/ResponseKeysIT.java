package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.words;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.in;
import static org.smg.history.wartests.GatewayServer.says;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** Requests for responses with an idempotency key: the model is asked once. */
@OnLiberty
@ServedBy(
    value = {MEMORY, POSTGRES, REDIS},
    withModelServer = true)
class ResponseKeysIT {

  private final GatewayServer gateway;
  private final Http http;

  private String conversation;
  private String request;

  ResponseKeysIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http().with("Idempotency-Key: " + Fixtures.unique("key"));
  }

  @BeforeEach
  void make() {
    conversation = Fixtures.conversation(gateway.http());
    request = in(conversation, "\"q1\"");
  }

  @AfterEach
  void theModelWasAskedOnce() {
    assertThat(gateway.model().left()).isEmpty();
    assertThat(words(gateway.list(items(conversation)).json().path("data")))
        .containsExactly("q1", "a1");
  }

  private Answer first() {
    return stored(gateway.ask(http, request, ModelAnswer.completed(says("a1"))).answer());
  }

  @Test
  void aRepetitionGetsTheStoredResponse() {
    Answer first = first();

    assertThat(stored(http.post(RESPONSES, request)).json()).isEqualTo(first.json());
  }

  @Test
  void aRepetitionOfAStreamGetsItsFirstAndItsLastEvent() {
    request = GatewayServer.streamed(request);
    List<SentEvent> first = SentEvent.all(first().text());

    List<SentEvent> again = SentEvent.all(stored(http.post(RESPONSES, request)).text());

    assertThat(again)
        .extracting(SentEvent::type)
        .containsExactly("response.created", "response.completed");
    assertThat(again.get(1).response()).isEqualTo(first.get(first.size() - 1).response());
    assertThat(again.get(0).response().path("id")).isEqualTo(again.get(1).response().path("id"));
    assertThat(again.get(0).response().path("status").textValue()).isEqualTo("in_progress");
    assertThat(again.get(0).response().path("output")).isEmpty();
  }

  @Test
  void aRepetitionWhileItIsMadeIsToldSo() throws IOException {
    CompletableFuture<Answer> first =
        CompletableFuture.supplyAsync(() -> http.post(RESPONSES, request));
    try (Call call = gateway.model().take()) {
      Answer meanwhile = http.post(RESPONSES, request);

      assertThat(meanwhile.status()).isEqualTo(409);
      assertThat(Refusal.of(meanwhile).code()).isEqualTo("idempotency_key_in_progress");
      // SDKs would repeat it at once, and twice.
      assertThat(meanwhile.header("x-should-retry")).isEqualTo("false");
      call.respond(ModelAnswer.completed(says("a1")));
    }

    Answer answered = first.join();
    assertThat(stored(http.post(RESPONSES, request)).json()).isEqualTo(answered.json());
  }

  @Test
  void theKeyOfAFailedRunIsFree() throws IOException {
    for (int status : List.of(400, 500)) {
      CompletableFuture<Answer> failing =
          CompletableFuture.supplyAsync(() -> http.post(RESPONSES, request));
      try (Call call = gateway.model().take()) {
        call.answer(
            status,
            "application/json",
            "{\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"param\":null,\"code\":null}}");
      }
      assertThat(failing.join().status()).isGreaterThanOrEqualTo(400);
    }

    Answer second = first();

    assertThat(stored(http.post(RESPONSES, request)).id()).isEqualTo(second.id());
  }

  @Test
  void aKeyIsForOneRequest() {
    first();

    Refusal refused = Refusal.of(http.post(RESPONSES, in(conversation, "\"another\"")));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("idempotency_key_reused");
  }

  /** What was refused before the model was asked has changed nothing. */
  @Test
  void theKeyOfARefusedRequestIsFree() {
    String other = in(Fixtures.unique("conv"), "\"q1\"");

    assertThat(http.post(RESPONSES, other).status()).isEqualTo(404);

    first();
  }
}
