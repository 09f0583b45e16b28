package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.ids;
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
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.GatewayServer.Made;

/**
 * Responses that are made through the gateway: what the model is sent, and what is kept of them.
 */
@OnLiberty
@ServedBy(
    value = {MEMORY, POSTGRES, REDIS},
    withModelServer = true)
class RecordedResponsesIT {

  private final GatewayServer gateway;
  private final Http http;

  RecordedResponsesIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http();
  }

  /** Each test takes what it caused. */
  @AfterEach
  void nothingIsLeft() {
    assertThat(gateway.model().left()).isEmpty();
  }

  private Answer list(String conversation) {
    return gateway.list(items(conversation));
  }

  private List<String> wordsOf(String conversation) {
    return words(list(conversation).json().path("data"));
  }

  @Test
  void aResponseIsRecordedBeforeItIsAnswered() {
    Made made =
        gateway.ask(
            request(
                "\"input\":\"Will it rain?\",\"instructions\":\"be kind\",\"user\":\"ann\","
                    + "\"metadata\":{\"topic\":\"rain\"}"),
            ModelAnswer.completed(says("Take an umbrella.")));

    JsonNode response = stored(made.answer()).json();
    assertThat(made.answer().header("Content-Type")).startsWith("application/json");
    assertThat(made.id()).matches("resp_[0-9a-f]{32}");
    assertThat(gateway.record(made.id())).isEqualTo(response);
    assertThat(response.path("status").textValue()).isEqualTo("completed");
    assertThat(response.path("store").booleanValue()).isTrue();
    assertThat(response.path("background").booleanValue()).isFalse();
    assertThat(response.has("conversation")).isFalse();
    assertThat(response.path("previous_response_id").isNull()).isTrue();
    assertThat(response.path("metadata").path("topic").textValue()).isEqualTo("rain");
    assertThat(response.path("model").textValue()).isEqualTo("m-1");
    assertThat(response.path("usage").path("total_tokens").intValue()).isEqualTo(17);
    assertThat(words(response.path("output"))).containsExactly("Take an umbrella.");
    // What the model server says besides stays as it is.
    assertThat(made.answer().text())
        .contains("\"x_of_the_server\":{\"b\":1E2,\"a\":null}", "\"top_p\":0.50");
    JsonNode input = stored(http.get(RESPONSES + "/" + made.id() + "/input_items")).json();
    assertThat(words(input.path("data"))).containsExactly("Will it rain?");
  }

  /** Numbers, escapes and members that nobody knows. */
  @Test
  void theModelServerIsSentWhatTheCallerSent() {
    Made made =
        gateway.ask(
            "{ \"zeta\" : {\"b\":1E2,\"a\":[0.10,-0.0]},\"model\":\"m\\u00e9\",\"temperature\":0.70,"
                + "\"tools\":[{\"type\":\"of tomorrow\",\"n\":12345678901234567890123}],"
                + "\"background\":false,\"previous_response_id\":null,\"conversation\":null,"
                + "\"store\":true,\"stream\":false,\"input\":[{\"type\":\"x_new\",\"id\":\"x_1\","
                + "\"v\":1.0E+2},{\"role\":\"user\",\"content\":\"caf\\u00e9\"}]}",
            ModelAnswer.completed(says("Yes.")));

    stored(made.answer());
    assertThat(made.sent())
        .contains(
            "{\"b\":1E2,\"a\":[0.10,-0.0]}",
            "\"m\\u00e9\"",
            "0.70",
            "[{\"type\":\"of tomorrow\",\"n\":12345678901234567890123}]",
            "{\"type\":\"x_new\",\"id\":\"x_1\",\"v\":1.0E+2}",
            "caf\\u00e9");
    JsonNode sent = made.sentJson();
    assertThat(sent.path("store").isBoolean()).isTrue();
    assertThat(sent.path("store").booleanValue()).isFalse();
    assertThat(sent.fieldNames())
        .toIterable()
        .doesNotContain("conversation", "previous_response_id", "background")
        .doesNotHaveDuplicates();
  }

  @Test
  void aConversationIsPutInFrontAndGrowsByTheTurn() {
    String conversation = Fixtures.conversation(http, List.of("t0", "t1"));
    stored(
        http.post(
            items(conversation),
            "{\"items\":[{\"type\":\"x_new\",\"id\":\"x_1\",\"z\":1E2,\"a\":null}]}"));

    Made first =
        gateway.ask(in(conversation, "\"q1\""), ModelAnswer.completed(says("a1"), says("a2")));
    Made second =
        gateway.ask(
            request(
                "\"conversation\":{\"id\":\"%s\"},\"input\":[{\"role\":\"user\",\"content\":\"q2\"}]"
                    .formatted(conversation)),
            ModelAnswer.completed(says("a3")));

    assertThat(words(first.input())).containsExactly("t0", "t1", "x_new", "q1");
    assertThat(words(second.input())).containsExactly("t0", "t1", "x_new", "q1", "a1", "a2", "q2");
    assertThat(second.sent()).contains("{\"type\":\"x_new\",\"id\":\"x_1\",\"z\":1E2,\"a\":null}");
    assertThat(wordsOf(conversation))
        .containsExactly("t0", "t1", "x_new", "q1", "a1", "a2", "q2", "a3");
    JsonNode answered = stored(first.answer()).json();
    assertThat(answered.path("conversation").path("id").textValue()).isEqualTo(conversation);
    assertThat(list(conversation).ids()).containsAll(ids(answered.path("output")));
    assertThat(stored(http.get(RESPONSES + "?order=asc&conversation=" + conversation)).ids())
        .containsExactly(first.id(), second.id());
  }

  @Test
  void instructionsDoNotCarryOver() {
    String conversation = Fixtures.conversation(http);
    gateway.ask(
        request(
            "\"instructions\":\"be kind\",\"conversation\":\"%s\",\"input\":\"q1\""
                .formatted(conversation)),
        ModelAnswer.completed(says("a1")));

    Made second = gateway.ask(in(conversation, "\"q2\""), ModelAnswer.completed(says("a2")));

    assertThat(second.sent()).doesNotContain("be kind");
    assertThat(wordsOf(conversation)).containsExactly("q1", "a1", "q2", "a2");
  }

  /** The scripted model server refuses what is encrypted for another id. */
  @Test
  void reasoningGoesBackUnderTheIdThatItIsEncryptedFor() {
    String conversation = Fixtures.conversation(http);
    String reasoning = Fixtures.unique("rs");
    gateway.ask(
        in(conversation, "\"q1\""),
        ModelAnswer.completed(
            ModelItem.reasoning(reasoning, "hm"),
            ModelItem.call(Fixtures.unique("fc"), "call_1", "{\"city\":\"Lisbon\"}")));

    Made second =
        gateway.ask(
            in(
                conversation,
                "[{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"sun\"}]"),
            ModelAnswer.completed(says("It is sunny.")));

    stored(second.answer());
    JsonNode input = second.input();
    assertThat(words(input))
        .containsExactly("q1", "reasoning", "function_call", "function_call_output");
    assertThat(input.path(1).path("id").textValue()).isEqualTo(reasoning);
    assertThat(input.path(1).path("encrypted_content").textValue())
        .isEqualTo(ModelItem.sealed(reasoning));
    assertThat(input.path(2).path("arguments").textValue()).isEqualTo("{\"city\":\"Lisbon\"}");
  }

  /** As far as they can be: a URL must carry them, and a conversation names one item by one id. */
  @Test
  void onlyIdsThatCannotStayAreMadeAnew() {
    String taken = Fixtures.unique("msg");
    String kept = Fixtures.unique("msg");
    String conversation = Fixtures.conversation(http);
    stored(
        http.post(
            items(conversation),
            "{\"items\":[{\"id\":\"%s\",\"role\":\"user\",\"content\":\"t0\"}]}".formatted(taken)));

    Made made =
        gateway.ask(
            in(conversation, "\"q1\""),
            ModelAnswer.completed(
                ModelItem.message(kept, "kept"),
                ModelItem.message(null, "missing"),
                ModelItem.message("msg/1", "unreachable"),
                ModelItem.message(taken, "taken"),
                ModelItem.message(kept, "twice"),
                ModelItem.message("", "empty")));

    JsonNode output = stored(made.answer()).json().path("output");
    List<String> ids = ids(output);
    assertThat(words(output))
        .containsExactly("kept", "missing", "unreachable", "taken", "twice", "empty");
    assertThat(ids.get(0)).isEqualTo(kept);
    assertThat(ids.subList(1, 6)).allMatch(id -> id.matches("msg_[0-9a-f]{32}"));
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids(gateway.record(made.id()).path("output"))).isEqualTo(ids);
    List<String> listed = list(conversation).ids();
    assertThat(listed).hasSize(8);
    assertThat(listed.subList(2, 8)).isEqualTo(ids);
    for (String id : ids) {
      stored(http.get(items(conversation) + "/" + id));
    }
  }

  @Test
  void whatIsNotToBeStoredReadsTheContextAndLeavesNothing() {
    String conversation = Fixtures.conversation(http, List.of("t0"));
    Made made =
        gateway.ask(
            request(
                "\"store\":false,\"conversation\":\"%s\",\"input\":\"q1\"".formatted(conversation)),
            ModelAnswer.completed(says("a1")));

    assertThat(words(made.input())).containsExactly("t0", "q1");
    JsonNode response = stored(made.answer()).json();
    assertThat(made.id()).matches("resp_[0-9a-f]{32}");
    assertThat(response.path("store").booleanValue()).isFalse();
    assertThat(response.path("conversation").path("id").textValue()).isEqualTo(conversation);
    assertThat(http.get(RESPONSES + "/" + made.id()).status()).isEqualTo(404);
    assertThat(wordsOf(conversation)).containsExactly("t0");
    assertThat(Refusal.of(http.post(RESPONSES, after(made.id(), "\"q2\""))).code())
        .isEqualTo("previous_response_not_found");
  }

  @Test
  void anIncompleteAnswerIsAppendedButForCallsThatAreNotFinished() {
    String conversation = Fixtures.conversation(http);
    Made made =
        gateway.ask(
            in(conversation, "\"q1\""),
            ModelAnswer.incomplete(
                ModelItem.call(Fixtures.unique("fc"), "call_1", "{}"),
                ModelItem.message(Fixtures.unique("msg"), "Take an", "incomplete"),
                ModelItem.call(Fixtures.unique("fc"), "call_2", "{", "incomplete"),
                ModelItem.call(Fixtures.unique("fc"), "call_3", "{", "in_progress")));

    JsonNode response = stored(made.answer()).json();
    assertThat(response.path("status").textValue()).isEqualTo("incomplete");
    assertThat(response.path("incomplete_details").path("reason").textValue())
        .isEqualTo("max_output_tokens");
    assertThat(response.path("output")).hasSize(4);
    assertThat(gateway.record(made.id())).isEqualTo(response);
    assertThat(wordsOf(conversation)).containsExactly("q1", "function_call", "Take an");
    assertThat(list(conversation).text()).contains("call_1").doesNotContain("call_2", "call_3");
  }

  /** A model server that ends its answer as failed has answered: no error of the gateway. */
  @Test
  void anAnswerThatTheModelServerCallsFailedIsKeptAndAppendedNowhere() {
    String conversation = Fixtures.conversation(http);
    Made made = gateway.ask(in(conversation, "\"q1\""), ModelAnswer.failed(says("half a word")));

    JsonNode response = stored(made.answer()).json();
    assertThat(response.path("status").textValue()).isEqualTo("failed");
    assertThat(response.path("error").path("code").textValue()).isEqualTo("server_error");
    assertThat(gateway.record(made.id())).isEqualTo(response);
    assertThat(list(conversation).ids()).isEmpty();
    stored(gateway.ask(in(conversation, "\"q2\""), ModelAnswer.completed(says("a2"))).answer());
  }

  @Test
  void aReferenceInTheInputStandsForWhatIsStored() {
    String conversation = Fixtures.conversation(http, List.of("t0"));
    String other = Fixtures.conversation(http, List.of("elsewhere"));
    String reference =
        "[{\"type\":\"item_reference\",\"id\":\"%s\"}]".formatted(list(other).ids().get(0));

    Made made = gateway.ask(in(conversation, reference), ModelAnswer.completed(says("a1")));

    stored(made.answer());
    assertThat(words(made.input())).containsExactly("t0", "elsewhere");
    assertThat(wordsOf(conversation)).containsExactly("t0", "elsewhere", "a1");
  }

  @Test
  void aRecordedTurnOfAnotherModelGoesOnHere() {
    String conversation = Fixtures.conversation(http);
    Fixtures.response(
        http,
        "{\"conversation\":\"%s\",\"input\":\"q0\",\"output\":[%s]}"
            .formatted(conversation, says("a0").json()));

    Made made = gateway.ask(in(conversation, "\"q1\""), ModelAnswer.completed(says("a1")));

    assertThat(words(made.input())).containsExactly("q0", "a0", "q1");
  }
}
