package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.words;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.after;
import static org.smg.history.wartests.GatewayServer.in;
import static org.smg.history.wartests.GatewayServer.request;
import static org.smg.history.wartests.GatewayServer.says;
import static org.smg.history.wartests.TestBackend.NONE;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.GatewayServer.Made;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** Responses where no history may be kept: they are made, and forgotten. */
@OnLiberty
@ServedBy(value = NONE, withModelServer = true)
class ResponsesNotKeptIT {

  private final GatewayServer gateway;
  private final Http http;

  ResponsesNotKeptIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http();
  }

  @AfterEach
  void nothingIsKept() {
    assertThat(gateway.model().left()).isEmpty();
    assertThat(stored(http.get(RESPONSES)).ids()).isEmpty();
  }

  @Test
  void aResponseIsMadeAndForgotten() {
    Made made = gateway.ask(request("\"input\":\"q1\""), ModelAnswer.completed(says("a1")));

    assertThat(words(made.input())).containsExactly("q1");
    assertThat(words(stored(made.answer()).json().path("output"))).containsExactly("a1");
    assertThat(made.id()).matches("resp_[0-9a-f]{32}");
    assertThat(http.get(RESPONSES + "/" + made.id()).status()).isEqualTo(404);
    assertThat(Refusal.of(http.post(RESPONSES, after(made.id(), "\"q2\""))).code())
        .isEqualTo("previous_response_not_found");
  }

  @Test
  void aStreamIsMadeAndForgotten() {
    Made made =
        gateway.ask(
            GatewayServer.streamed(request("\"input\":\"q1\"")), ModelAnswer.completed(says("a1")));

    List<SentEvent> events = SentEvent.all(stored(made.answer()).text());
    assertThat(events.get(events.size() - 1).type()).isEqualTo("response.completed");
  }

  @Test
  void aConversationIsNotFound() {
    String conversation = Fixtures.conversation(http);

    Refusal refused = Refusal.of(http.post(RESPONSES, in(conversation, "\"q1\"")));

    assertThat(refused)
        .isEqualTo(
            Refusal.invalid(
                404, null, null, "Conversation with id '%s' not found.".formatted(conversation)));
  }

  @Test
  void aModelServerThatBreaksOffIsABadGateway() throws IOException {
    CompletableFuture<Answer> asked = gateway.asked(request("\"input\":\"q1\""));
    try (Call call = gateway.model().take()) {
      call.cutOff();
    }

    assertThat(asked.join().status()).isEqualTo(502);
    assertThat(Refusal.of(asked.join()).code()).isEqualTo("model_server_error");
  }
}
