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

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.GatewayServer.Made;

/** Responses that go on from a previous one: the model is sent all that it saw then. */
@OnLiberty
@ServedBy(
    value = {MEMORY, POSTGRES, REDIS},
    withModelServer = true)
class ResponseChainIT {

  private final GatewayServer gateway;
  private final Http http;

  ResponseChainIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http();
  }

  /** Each test takes what it caused. */
  @AfterEach
  void nothingIsLeft() {
    assertThat(gateway.model().left()).isEmpty();
  }

  /** Makes a turn of a question and an answer, and gives the response's id. */
  private String turn(String request, String answer) {
    return stored(gateway.ask(request, ModelAnswer.completed(says(answer))).answer()).id();
  }

  private Refusal refused(String previous) {
    return Refusal.of(http.post(RESPONSES, after(previous, "\"q\"")));
  }

  private static Refusal notFound(String id) {
    return Refusal.invalid(
        400,
        "previous_response_id",
        "previous_response_not_found",
        "Previous response with id '%s' not found.".formatted(id));
  }

  @Test
  void theWholeChainIsSentOldestFirst() {
    String last = turn(request("\"instructions\":\"be kind\",\"input\":\"q0\""), "a0");
    List<String> said = new ArrayList<>(List.of("q0", "a0"));
    for (int i = 1; i < 30; i++) {
      last = turn(after(last, "\"q%d\"".formatted(i)), "a" + i);
      said.addAll(List.of("q" + i, "a" + i));
    }

    Made made = gateway.ask(after(last, "\"end\""), ModelAnswer.completed(says("a")));

    said.add("end");
    assertThat(words(made.input())).isEqualTo(said);
    assertThat(made.sent()).doesNotContain("be kind");
    assertThat(stored(made.answer()).json().path("previous_response_id").textValue())
        .isEqualTo(last);
    assertThat(stored(http.get(RESPONSES + "/" + made.id() + "/chain?limit=2")).ids())
        .containsExactly(last, made.id());
    // Its own input, not what came before it.
    assertThat(
            words(gateway.list(RESPONSES + "/" + made.id() + "/input_items").json().path("data")))
        .containsExactly("end");
  }

  /** The scripted model server refuses what is encrypted for another id. */
  @Test
  void reasoningAndItemsOfUnknownTypesAreSentAsTheyCame() {
    String reasoning = Fixtures.unique("rs");
    String unknown = "{\"type\":\"x_new\",\"id\":\"x_1\",\"v\":1E2,\"a\":null}";
    String first =
        stored(
                gateway
                    .ask(
                        request("\"input\":\"q0\""),
                        ModelAnswer.completed(
                            ModelItem.reasoning(reasoning, "hm"),
                            ModelItem.whole("x_1", unknown),
                            ModelItem.call(Fixtures.unique("fc"), "call_1", "{}")))
                    .answer())
            .id();

    Made made =
        gateway.ask(
            after(
                first,
                "[{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"sun\"}]"),
            ModelAnswer.completed(says("a1")));

    stored(made.answer());
    assertThat(words(made.input()))
        .containsExactly("q0", "reasoning", "x_new", "function_call", "function_call_output");
    assertThat(made.sent()).contains(unknown, ModelItem.sealed(reasoning));
  }

  @Test
  void twoMayGoOnFromOne() {
    String root = turn(request("\"input\":\"q0\""), "a0");

    turn(after(root, "\"left\""), "a1");
    Made right = gateway.ask(after(root, "\"right\""), ModelAnswer.completed(says("a2")));

    assertThat(words(right.input())).containsExactly("q0", "a0", "right");
  }

  /** What its conversation got later is none of what it saw. */
  @Test
  void oneOfAConversationIsGoneOnFromWithoutTheConversation() {
    String conversation = Fixtures.conversation(http, List.of("t0"));
    String first = turn(in(conversation, "\"q0\""), "a0");
    turn(in(conversation, "\"q1\""), "a1");

    Made made = gateway.ask(after(first, "\"branch\""), ModelAnswer.completed(says("a")));

    assertThat(words(made.input())).containsExactly("t0", "q0", "a0", "branch");
    assertThat(stored(made.answer()).json().has("conversation")).isFalse();
    assertThat(words(gateway.list(items(conversation)).json().path("data")))
        .containsExactly("t0", "q0", "a0", "q1", "a1");
    Made next = gateway.ask(after(made.id(), "\"on\""), ModelAnswer.completed(says("b")));
    assertThat(words(next.input())).containsExactly("t0", "q0", "a0", "branch", "a", "on");
  }

  /** What is referred to is in the conversation, too, in front of what was said since. */
  @Test
  void oneThatReferredToItsOwnConversationIsGoneOnFromWithAllOfIt() {
    String conversation = Fixtures.conversation(http, List.of("t0", "t1"));
    String referred = gateway.list(items(conversation)).ids().get(0);
    String turn =
        "{\"conversation\":\"%s\",\"input\":[{\"type\":\"item_reference\",\"id\":\"%s\"},%s],\"output\":[%s]}";
    String recorded =
        Fixtures.response(
            http,
            turn.formatted(
                conversation, referred, Fixtures.messages(List.of("q0")), says("a0").json()));

    Made made = gateway.ask(after(recorded, "\"on\""), ModelAnswer.completed(says("a")));

    assertThat(words(made.input())).containsExactly("t0", "t1", "t0", "q0", "a0", "on");
  }

  @Test
  void oneThatWasRecordedByItsApplicationIsGoneOnFrom() {
    String recorded =
        Fixtures.response(http, "{\"input\":\"q0\",\"output\":[%s]}".formatted(says("a0").json()));

    Made made = gateway.ask(after(recorded, "\"q1\""), ModelAnswer.completed(says("a1")));

    assertThat(words(made.input())).containsExactly("q0", "a0", "q1");
  }

  @Test
  void oneThatIsIncompleteIsGoneOnFrom() {
    String first =
        gateway
            .ask(
                request("\"input\":\"q0\""),
                ModelAnswer.incomplete(
                    ModelItem.message(Fixtures.unique("msg"), "Take an", "incomplete"),
                    ModelItem.call(Fixtures.unique("fc"), "call_1", "{", "incomplete")))
            .id();

    Made made = gateway.ask(after(first, "\"q1\""), ModelAnswer.completed(says("a1")));

    assertThat(words(made.input())).containsExactly("q0", "Take an", "q1");
  }

  /** It is never shortened: the model would answer something else. */
  @Test
  void aMissingMemberIsNamed() {
    String first = turn(request("\"input\":\"q0\""), "a0");
    String second = turn(after(first, "\"q1\""), "a1");
    String third = turn(after(second, "\"q2\""), "a2");
    String unknown = Fixtures.unique("resp");

    assertThat(refused(unknown)).isEqualTo(notFound(unknown));
    stored(http.delete(RESPONSES + "/" + second));
    assertThat(refused(second)).isEqualTo(notFound(second));
    assertThat(refused(third)).isEqualTo(notFound(second));
  }

  @Test
  void oneThatFailedIsNoPredecessor() {
    String failed = gateway.ask(request("\"input\":\"q0\""), ModelAnswer.failed()).id();
    String cancelled = Fixtures.response(http, "{\"status\":\"cancelled\"}");

    assertThat(refused(failed)).isEqualTo(notFound(failed));
    assertThat(refused(cancelled)).isEqualTo(notFound(cancelled));
  }

  @Test
  void whatIsTooLongForTheModelServerIsNotSent() {
    String half = "\"%s\"".formatted("x".repeat(GatewayServer.LONGEST_REQUEST / 2));
    String first = turn(request("\"input\":" + half), "a0");
    String conversation = Fixtures.conversation(http);
    turn(in(conversation, half), "a0");

    for (String request : List.of(after(first, half), in(conversation, half))) {
      Refusal refused = Refusal.of(http.post(RESPONSES, request));
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.code()).isEqualTo("context_length_exceeded");
    }
    // Nothing was begun.
    turn(in(conversation, "\"short\""), "a1");
  }
}
