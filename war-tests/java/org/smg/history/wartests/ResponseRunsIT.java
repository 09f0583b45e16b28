package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.words;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.after;
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
import org.smg.history.wartests.ScriptedModelServer.Call;

/** What others see of a response, and can do to it, while the model is at it. */
@OnLiberty
@ServedBy(
    value = {MEMORY, POSTGRES, REDIS},
    withModelServer = true)
class ResponseRunsIT {

  private final GatewayServer gateway;
  private final Http http;

  private String conversation;
  private String inputId;
  private CompletableFuture<Answer> asked;
  private Call call;
  private String run;

  ResponseRunsIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http();
  }

  /** The model has been asked, and has not answered. */
  @BeforeEach
  void begin() {
    conversation = Fixtures.conversation(http, List.of("t0"));
    inputId = Fixtures.unique("msg");
    asked =
        gateway.asked(
            in(
                conversation,
                "[{\"id\":\"%s\",\"role\":\"user\",\"content\":\"q1\"}]".formatted(inputId)));
    call = gateway.model().take();
    List<String> runs = stored(http.get(RESPONSES + "?conversation=" + conversation)).ids();
    assertThat(runs).hasSize(1);
    run = runs.get(0);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    call.close();
    assertThat(asked).succeedsWithin(java.time.Duration.ofSeconds(30));
    assertThat(gateway.model().left()).isEmpty();
  }

  private JsonNode finish() throws IOException {
    call.respond(ModelAnswer.completed(says("a1")));
    return stored(asked.join()).json();
  }

  private List<String> wordsOf(String conversation) {
    return words(gateway.list(items(conversation)).json().path("data"));
  }

  private String post(String id, String text) {
    return "{\"items\":[{\"id\":\"%s\",\"role\":\"user\",\"content\":\"%s\"}]}".formatted(id, text);
  }

  @Test
  void itIsSeenWithItsPromptAtOnce() throws IOException {
    JsonNode response = gateway.record(run);

    assertThat(response.path("status").textValue()).isEqualTo("in_progress");
    assertThat(response.path("output").isArray()).isTrue();
    assertThat(response.path("output")).isEmpty();
    assertThat(response.path("conversation").path("id").textValue()).isEqualTo(conversation);
    assertThat(response.path("completed_at").isNumber()).isFalse();
    assertThat(words(gateway.list(RESPONSES + "/" + run + "/input_items").json().path("data")))
        .containsExactly("q1");
    assertThat(
            stored(http.get(RESPONSES + "?status=in_progress&conversation=" + conversation)).ids())
        .containsExactly(run);
    // The conversation gets the prompt together with the answer.
    assertThat(wordsOf(conversation)).containsExactly("t0");

    JsonNode finished = finish();

    assertThat(finished.path("id").textValue()).isEqualTo(run);
    assertThat(finished.path("created_at")).isEqualTo(response.path("created_at"));
    assertThat(gateway.record(run)).isEqualTo(finished);
    assertThat(wordsOf(conversation)).containsExactly("t0", "q1", "a1");
    assertThat(
            stored(http.get(RESPONSES + "?status=in_progress&conversation=" + conversation)).ids())
        .isEmpty();
  }

  @Test
  void itCannotBeDeletedCancelledOrRecorded() throws IOException {
    assertThat(Refusal.of(http.delete(RESPONSES + "/" + run)))
        .isEqualTo(Refusal.invalid(400, null, null, "Cannot delete an in-flight response."));
    assertThat(Refusal.of(http.post(RESPONSES + "/" + run + "/cancel", "{}")))
        .isEqualTo(Refusal.invalid(400, null, null, "Cannot cancel a synchronous response."));
    assertThat(Refusal.of(http.put(RESPONSES + "/" + run, "{\"output\":[]}")).code())
        .isEqualTo("response_already_recorded");
    assertThat(gateway.record(run).path("status").textValue()).isEqualTo("in_progress");

    assertThat(finish().path("status").textValue()).isEqualTo("completed");

    stored(http.delete(RESPONSES + "/" + run));
  }

  @Test
  void itIsNoPredecessorYet() throws IOException {
    Refusal refused = Refusal.of(http.post(RESPONSES, after(run, "\"q2\"")));

    assertThat(refused)
        .isEqualTo(
            Refusal.invalid(
                400,
                "previous_response_id",
                "previous_response_not_found",
                "Previous response with id '%s' not found.".formatted(run)));
    finish();
    stored(gateway.ask(after(run, "\"q2\""), ModelAnswer.completed(says("a2"))).answer());
  }

  @Test
  void aSecondTurnOfTheConversationIsRefused() throws IOException {
    Refusal refused = Refusal.of(http.post(RESPONSES, in(conversation, "\"q2\"")));
    Refusal ofAStream =
        Refusal.of(http.post(RESPONSES, GatewayServer.streamed(in(conversation, "\"q2\""))));

    assertThat(refused).isEqualTo(ofAStream);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.param()).isEqualTo("conversation");
    assertThat(refused.code()).isEqualTo("conversation_locked");
    finish();
    stored(gateway.ask(in(conversation, "\"q2\""), ModelAnswer.completed(says("a2"))).answer());
    assertThat(wordsOf(conversation)).containsExactly("t0", "q1", "a1", "q2", "a2");
  }

  @Test
  void whatIsNotStoredNeedsNoTurnOfItsOwn() throws IOException {
    Answer answer =
        gateway
            .ask(
                request(
                    "\"store\":false,\"conversation\":\"%s\",\"input\":\"q2\""
                        .formatted(conversation)),
                ModelAnswer.completed(says("a2")))
            .answer();

    stored(answer);
    finish();
    assertThat(wordsOf(conversation)).containsExactly("t0", "q1", "a1");
  }

  @Test
  void itemsAndTurnsDoNotWaitAndStandBeforeIt() throws IOException {
    stored(http.post(items(conversation), post(Fixtures.unique("msg"), "t1")));
    Fixtures.response(
        http,
        "{\"conversation\":\"%s\",\"input\":\"t2\",\"output\":[%s]}"
            .formatted(conversation, says("t3").json()));

    finish();

    assertThat(wordsOf(conversation)).containsExactly("t0", "t1", "t2", "t3", "q1", "a1");
  }

  @Test
  void theIdsOfItsInputAreTaken() throws IOException {
    Refusal posted = Refusal.of(http.post(items(conversation), post(inputId, "other")));
    Refusal recorded =
        Refusal.of(
            http.put(
                RESPONSES + "/" + Fixtures.unique("resp"),
                ("{\"conversation\":\"%s\",\"output\":[],\"input\":[{\"id\":\"%s\",\"role\":\"user\","
                        + "\"content\":\"other\"}]}")
                    .formatted(conversation, inputId)));

    assertThat(posted)
        .isEqualTo(
            Refusal.invalid(
                400, "items", "item_already_in_conversation", "Item already in conversation"));
    assertThat(recorded.status()).isEqualTo(400);
    finish();
    assertThat(wordsOf(conversation)).containsExactly("t0", "q1", "a1");
  }

  /** An id that the model server makes cannot be reserved. */
  @Test
  void anIdThatWasTakenMeanwhileIsMadeAnewInTheOutput() throws IOException {
    String taken = Fixtures.unique("msg");
    stored(http.post(items(conversation), post(taken, "t1")));

    call.respond(ModelAnswer.completed(ModelItem.message(taken, "a1")));
    JsonNode output = stored(asked.join()).json().path("output");

    assertThat(output.path(0).path("id").textValue()).isNotEqualTo(taken);
    assertThat(wordsOf(conversation)).containsExactly("t0", "t1", "q1", "a1");
    assertThat(gateway.list(items(conversation)).ids())
        .contains(taken, output.path(0).path("id").textValue());
  }

  @Test
  void aConversationThatIsDeletedMeanwhileDoesNotCostTheAnswer() throws IOException {
    stored(http.delete("/v1/conversations/" + conversation));

    JsonNode finished = finish();

    assertThat(finished.path("status").textValue()).isEqualTo("completed");
    assertThat(words(finished.path("output"))).containsExactly("a1");
    assertThat(gateway.record(run)).isEqualTo(finished);
    assertThat(http.get(items(conversation)).status()).isEqualTo(404);
  }
}
