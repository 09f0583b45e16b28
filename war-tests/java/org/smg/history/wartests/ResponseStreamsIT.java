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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.ScriptedModelServer.Call;

/** Responses as streams of events, on every server: when each leaves, and what is changed in it. */
@ServedBy(
    value = {MEMORY, POSTGRES, REDIS},
    withModelServer = true)
class ResponseStreamsIT {

  private final GatewayServer gateway;
  private final Http http;

  ResponseStreamsIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http();
  }

  /** Each test takes what it caused. */
  @AfterEach
  void nothingIsLeft() {
    assertThat(gateway.model().left()).isEmpty();
  }

  private List<SentEvent> stream(String request, ModelAnswer answer) {
    Answer streamed = stored(gateway.ask(GatewayServer.streamed(request), answer).answer());
    assertThat(streamed.header("Content-Type")).startsWith("text/event-stream");
    return SentEvent.all(streamed.text());
  }

  private List<String> wordsOf(String conversation) {
    return words(gateway.list(items(conversation)).json().path("data"));
  }

  private static SentEvent last(List<SentEvent> events) {
    return events.get(events.size() - 1);
  }

  /** The model server does not send an event before the caller has the one before it. */
  @Test
  void eachEventLeavesAtOnceAndTheLastWhenTheTurnIsStored() throws IOException {
    String conversation = Fixtures.conversation(http, List.of("t0"));
    List<String> sent = ModelAnswer.completed(says("Take an umbrella.")).events();
    try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""));
        Call call = gateway.model().take()) {
      call.stream();
      String id = null;
      for (String event : sent.subList(0, sent.size() - 1)) {
        call.chunk(event);
        SentEvent got = SentEvent.next(caller);
        assertThat(got.type()).isEqualTo(SentEvent.of(event).type());
        id = got.type().equals("response.created") ? got.response().path("id").textValue() : id;
        assertThat(gateway.record(id).path("status").textValue()).isEqualTo("in_progress");
      }
      // Cut where no event ends.
      String end = sent.get(sent.size() - 1);
      call.chunk(end.substring(0, 20));
      call.chunk(end.substring(20));

      SentEvent last = SentEvent.next(caller);

      // The caller may go on as soon as it has the last event.
      assertThat(gateway.record(id)).isEqualTo(last.response());
      assertThat(last.type()).isEqualTo("response.completed");
      assertThat(wordsOf(conversation)).containsExactly("t0", "q1", "Take an umbrella.");
      call.endStream();
      assertThat(SentEvent.rest(caller)).isEmpty();
      assertThat(caller.head()).anyMatch(line -> line.equalsIgnoreCase("Cache-Control: no-cache"));
    }
  }

  @Test
  void theResponseIsTheSameInEveryEventAndInTheHistory() {
    String conversation = Fixtures.conversation(http);
    List<SentEvent> events =
        stream(
            request(
                "\"conversation\":\"%s\",\"input\":\"q1\",\"metadata\":{\"k\":\"v\"}"
                    .formatted(conversation)),
            ModelAnswer.completed(says("a1")));

    List<JsonNode> responses =
        events.stream().map(SentEvent::response).filter(JsonNode::isObject).toList();
    assertThat(events.get(0).type()).isEqualTo("response.created");
    assertThat(responses).hasSize(3);
    String id = responses.get(0).path("id").textValue();
    assertThat(id).matches("resp_[0-9a-f]{32}");
    assertThat(responses)
        .allSatisfy(
            response -> {
              assertThat(response.path("id").textValue()).isEqualTo(id);
              assertThat(response.path("conversation").path("id").textValue())
                  .isEqualTo(conversation);
              assertThat(response.path("store").booleanValue()).isTrue();
              assertThat(response.path("metadata").path("k").textValue()).isEqualTo("v");
              assertThat(response.path("created_at"))
                  .isEqualTo(responses.get(0).path("created_at"));
            });
    assertThat(gateway.record(id)).isEqualTo(responses.get(2));
    assertThat(events.toString()).doesNotContain(ModelAnswer.ID);
  }

  /** An item has one id: in its announcement, its parts, its end, the answer and the history. */
  @Test
  void idsThatAreMadeAnewAreTheSameEverywhere() {
    String conversation = Fixtures.conversation(http);
    String kept = Fixtures.unique("msg");
    List<SentEvent> events =
        stream(
            in(conversation, "\"q1\""),
            ModelAnswer.completed(
                ModelItem.message(kept, "a0"),
                ModelItem.message("msg/1", "a1"),
                ModelItem.message(null, "a2"),
                ModelItem.message(kept, "a3"),
                ModelItem.call("", "call_1", "{\"a\":1}")));

    JsonNode output = last(events).response().path("output");
    List<String> ids = Fixtures.ids(output);
    assertThat(ids).hasSize(5).doesNotHaveDuplicates();
    assertThat(ids.get(0)).isEqualTo(kept);
    for (int i = 0; i < ids.size(); i++) {
      assertThat(idsOfItem(events, i)).as("item " + i).containsOnly(ids.get(i));
    }
    assertThat(gateway.list(items(conversation)).ids().subList(1, 6)).isEqualTo(ids);
    assertThat(gateway.record(last(events).response().path("id").textValue()).path("output"))
        .isEqualTo(output);
  }

  /** Every event about an item names it, also where the model server did not. */
  private static List<String> idsOfItem(List<SentEvent> events, int index) {
    List<String> ids = new ArrayList<>();
    for (SentEvent event : events) {
      JsonNode at = event.data().path("output_index");
      if (at.isInt() && at.intValue() == index) {
        ids.add(
            event.data().has("item")
                ? event.data().path("item").path("id").textValue()
                : event.data().path("item_id").textValue());
      }
    }
    assertThat(ids).hasSizeGreaterThan(2);
    return ids;
  }

  @Test
  void reasoningAndCallsGrowInTheirEvents() {
    List<SentEvent> events =
        stream(
            request("\"input\":\"q1\""),
            ModelAnswer.completed(
                ModelItem.reasoning(Fixtures.unique("rs"), "hm"),
                ModelItem.call(Fixtures.unique("fc"), "call_1", "{\"city\":\"Lisbon\"}")));

    assertThat(events)
        .extracting(SentEvent::type)
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.reasoning_summary_part.added",
            "response.reasoning_summary_text.delta",
            "response.reasoning_summary_text.done",
            "response.reasoning_summary_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed");
    assertThat(last(events).response().path("output").path(0).path("encrypted_content").isTextual())
        .isTrue();
  }

  /** SDKs stop at an event that they do not know. */
  @Test
  void eventsThatNobodyKnowsAreLeftOutAndTheOthersNumberedAnew() throws IOException {
    List<String> sent = ModelAnswer.completed(says("a1")).events();
    try (StreamReader caller = gateway.stream(request("\"input\":\"q1\""));
        Call call = gateway.model().take()) {
      call.stream();
      for (String event : sent) {
        call.chunk(event);
        call.chunk(
            "event: response.reasoning_part.added\n"
                + "data: {\"type\":\"response.reasoning_part.added\",\"sequence_number\":7}\n\n");
        call.chunk(": a comment\n\n");
      }
      call.chunk("data: [DONE]\n\n");
      call.endStream();

      List<SentEvent> got = SentEvent.rest(caller);

      assertThat(got)
          .extracting(SentEvent::type)
          .isEqualTo(sent.stream().map(event -> SentEvent.of(event).type()).toList());
      for (int i = 0; i < got.size(); i++) {
        assertThat(got.get(i).data().path("sequence_number").intValue()).isEqualTo(i);
      }
    }
  }

  @Test
  void anItemOfAnUnknownTypeIsKeptAsItCame() {
    String conversation = Fixtures.conversation(http);
    String id = Fixtures.unique("x");
    String item = "{\"type\":\"x_new\",\"id\":\"%s\",\"v\":1E2,\"a\":null}".formatted(id);

    stream(in(conversation, "\"q1\""), ModelAnswer.completed(ModelItem.whole(id, item)));

    assertThat(gateway.list(items(conversation)).text()).contains(item);
  }

  @Test
  void anIncompleteAnswerIsAppendedButForCallsThatAreNotFinished() {
    String conversation = Fixtures.conversation(http);
    List<SentEvent> events =
        stream(
            in(conversation, "\"q1\""),
            ModelAnswer.incomplete(
                ModelItem.message(Fixtures.unique("msg"), "Take an", "incomplete"),
                ModelItem.call(Fixtures.unique("fc"), "call_1", "{", "incomplete")));

    assertThat(last(events).type()).isEqualTo("response.incomplete");
    assertThat(last(events).response().path("output")).hasSize(2);
    assertThat(wordsOf(conversation)).containsExactly("q1", "Take an");
  }

  @Test
  void anAnswerThatTheModelServerCallsFailedIsKeptAndAppendedNowhere() {
    String conversation = Fixtures.conversation(http);
    List<SentEvent> events =
        stream(in(conversation, "\"q1\""), ModelAnswer.failed(says("half a word")));

    assertThat(last(events).type()).isEqualTo("response.failed");
    JsonNode record = gateway.record(last(events).response().path("id").textValue());
    assertThat(record).isEqualTo(last(events).response());
    assertThat(record.path("error").path("code").textValue()).isEqualTo("server_error");
    assertThat(wordsOf(conversation)).isEmpty();
  }

  @Test
  void whatIsNotToBeStoredIsStreamedAndLeavesNothing() {
    String conversation = Fixtures.conversation(http, List.of("t0"));
    List<SentEvent> events =
        stream(
            request(
                "\"store\":false,\"conversation\":\"%s\",\"input\":\"q1\"".formatted(conversation)),
            ModelAnswer.completed(says("a1")));

    String id = last(events).response().path("id").textValue();
    assertThat(id).matches("resp_[0-9a-f]{32}");
    assertThat(last(events).type()).isEqualTo("response.completed");
    assertThat(http.get(RESPONSES + "/" + id).status()).isEqualTo(404);
    assertThat(wordsOf(conversation)).containsExactly("t0");
  }

  @Test
  void aLongStreamArrivesWhole() throws IOException {
    String text = "x".repeat(1000);
    ModelItem[] many = new ModelItem[500];
    for (int i = 0; i < many.length; i++) {
      many[i] = says(i + " " + text);
    }
    List<SentEvent> events = stream(request("\"input\":\"q1\""), ModelAnswer.completed(many));

    assertThat(events).hasSize(3 + 7 * many.length);
    assertThat(last(events).response().path("output")).hasSize(many.length);
    assertThat(gateway.record(last(events).response().path("id").textValue()))
        .isEqualTo(last(events).response());
  }

  @Test
  void aCallerThatHangsUpLosesNothing() throws IOException {
    String conversation = Fixtures.conversation(http);
    List<String> sent = ModelAnswer.completed(says("Take an umbrella.")).events();
    Call call;
    String id;
    try (StreamReader caller = gateway.stream(in(conversation, "\"q1\""))) {
      call = gateway.model().take();
      call.stream();
      call.chunk(sent.get(0));
      id = SentEvent.next(caller).response().path("id").textValue();
    }
    try (call) {
      for (String event : sent.subList(1, sent.size())) {
        call.chunk(event);
      }
      call.endStream();
    }
    Writers.await(
        "the answer is not recorded",
        () -> gateway.record(id).path("status").textValue().equals("completed"));
    assertThat(wordsOf(conversation)).containsExactly("q1", "Take an umbrella.");
  }
}
