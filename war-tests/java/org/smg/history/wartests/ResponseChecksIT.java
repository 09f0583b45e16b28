package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.GatewayServer.RESPONSES;
import static org.smg.history.wartests.GatewayServer.in;
import static org.smg.history.wartests.GatewayServer.says;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.api.ApiDescription;
import tools.jackson.databind.JsonNode;

/** What is refused before the model is asked, and in which order; and what is not judged here. */
@OnLiberty
@ServedBy(value = MEMORY, withModelServer = true)
class ResponseChecksIT {

  private final GatewayServer gateway;
  private final Http http;

  ResponseChecksIT(GatewayServer gateway) {
    this.gateway = gateway;
    this.http = gateway.http();
  }

  @AfterEach
  void theModelIsNotAsked() {
    assertThat(gateway.model().left()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      quoteCharacter = '`',
      value = {
        "{                                              | 400 | null | invalid_json",
        "[]                                             | 400 | null | invalid_type",
        "{}                                             | 400 | model | missing_required_parameter",
        "{'input':1}                                    | 400 | model | missing_required_parameter",
        "{'model':1,'input':'q'}                        | 400 | model | invalid_type",
        "{'model':'m'}                                  | 400 | input | missing_required_parameter",
        "{'model':'m','store':1}                        | 400 | input | missing_required_parameter",
        "{'model':'m','input':1}                        | 400 | input | invalid_type",
        "{'model':'m','input':[1]}                      | 400 | input[0] | invalid_type",
        "{'model':'m','input':[{'role':'x','content':''}]} | 400 | input[0].role | invalid_value",
        "{'model':'m','input':'q','stream':'true'}      | 400 | stream | invalid_type",
        "{'model':'m','input':'q','store':1}            | 400 | store | invalid_type",
        "{'model':'m','input':'q','background':1}       | 400 | background | invalid_type",
        "{'model':'m','input':'q','background':true}    | 400 | background | unsupported_parameter",
        "{'model':'m','input':'q','metadata':[]}        | 400 | metadata | invalid_type",
        "{'model':'m','input':'q','metadata':{'k':1}}   | 400 | metadata.k | invalid_type",
        "{'model':'m','input':'q','conversation':1}     | 400 | conversation | invalid_type",
        "{'model':'m','input':'q','previous_response_id':1} | 400 | previous_response_id | invalid_type",
        "{'model':'m','input':'q','conversation':'conv_none','previous_response_id':'resp_none'}"
            + " | 400 | null | mutually_exclusive_parameters",
        "{'model':'m','input':'q','conversation':'conv_none','store':1} | 400 | store | invalid_type",
        "{'model':'m','input':'q','conversation':'conv_none'} | 404 | null | null",
        "{'model':'m','input':'q','conversation':'conv_none','store':false} | 404 | null | null",
        "{'model':'m','input':'q','previous_response_id':'resp_none'}"
            + " | 400 | previous_response_id | previous_response_not_found",
        "{'model':'m','input':[]}                       | 400 | null | missing_required_parameter",
        "{'model':'m','input':''}                       | 400 | null | missing_required_parameter",
        "{'model':'m','input':[{'id':'i','role':'user','content':'a'},{'id':'i','role':'user','content':'b'}]}"
            + " | 400 | input | null",
        "{'model':'m','input':[{'type':'item_reference','id':'msg_none'}]} | 404 | input | null",
      })
  void faultsAreNamedInTheirOrder(String body, int status, String param, String code) {
    String request = body.replace('\'', '"');

    Refusal refused = Refusal.of(http.post(RESPONSES, request));

    assertThat(refused.status()).as(body).isEqualTo(status);
    assertThat(refused.param()).as(body).isEqualTo(param);
    assertThat(refused.code()).as(body).isEqualTo(code);
    // A stream begins when all of this has been checked.
    if (request.startsWith("{\"model\"") && !request.contains("\"stream\"")) {
      assertThat(Refusal.of(http.post(RESPONSES, GatewayServer.streamed(request))))
          .isEqualTo(refused);
    }
  }

  @Test
  void anIdThatTheConversationHasIsADuplicate() {
    String conversation = Fixtures.conversation(http, List.of("t0"));
    String there = stored(http.get(items(conversation))).ids().get(0);

    Refusal refused =
        Refusal.of(
            http.post(
                RESPONSES,
                in(
                    conversation,
                    "[{\"id\":\"%s\",\"role\":\"user\",\"content\":\"other\"}]".formatted(there))));

    assertThat(refused)
        .isEqualTo(
            Refusal.invalid(
                400,
                "input",
                null,
                "Duplicate item found with id %s. Remove duplicate items from your input and try again."
                    .formatted(there)));
  }

  @Test
  void aBodyThatIsNotJsonIsRefusedByItsType() {
    Answer answer =
        http.send("POST", RESPONSES, List.of("Content-Type: text/plain"), "{}".getBytes());

    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void aRequestThatIsTooLongByItselfIsRefused() {
    Refusal refused =
        Refusal.of(
            http.post(
                RESPONSES,
                "{\"model\":\"m\",\"input\":\"%s\"}"
                    .formatted("x".repeat(GatewayServer.LONGEST_REQUEST))));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("context_length_exceeded");
  }

  /** Unknown members and types, ranges, calls without outputs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\",\"input\":\"q\",\"zzz\":{\"a\":[1]}}",
        "{\"model\":\"m\",\"input\":\"q\",\"temperature\":99,\"max_output_tokens\":-1}",
        "{\"model\":\"m\",\"input\":[{\"type\":\"x_new\",\"n\":1}]}",
        "{\"model\":\"m\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"\"}]}",
        "{\"model\":\"m\",\"input\":\"q\",\"tools\":\"none\",\"include\":[\"of tomorrow\"]}",
        "{\"model\":\"\",\"input\":\"q\",\"conversation\":null,\"metadata\":null,\"stream\":null}"
      })
  void theRestIsTheModelServersToJudge(String request) {
    stored(gateway.ask(request, ModelAnswer.completed(says("a"))).answer());
  }

  @Test
  void theExamplesOfTheDescriptionWork() {
    JsonNode examples =
        ApiDescription.read()
            .root()
            .node()
            .at("/components/requestBodies/NewResponse/content/application~1json/examples");
    assertThat(examples).isNotEmpty();
    for (JsonNode example : examples) {
      MadeHistory made = MadeHistory.by(http);
      String request =
          example
              .path("value")
              .toString()
              .replaceAll("conv_[0-9a-f]+", made.conversation())
              .replaceAll("resp_[0-9a-f]+", made.response());

      stored(gateway.ask(request, ModelAnswer.completed(says("a"))).answer());
    }
  }

  /** In a conversation the input may be empty: the model goes on from what is there. */
  @Test
  void anEmptyInputIsEnoughWhereThereIsAContext() {
    String conversation = Fixtures.conversation(http, List.of("t0"));

    stored(gateway.ask(in(conversation, "[]"), ModelAnswer.completed(says("a"))).answer());
  }
}
