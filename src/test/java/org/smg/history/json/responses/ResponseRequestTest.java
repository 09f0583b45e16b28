package org.smg.history.json.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

/** What of a request is read, what is refused, and what is sent on. */
class ResponseRequestTest {

  private static final Item SAID = item("msg_said", "{\"id\":\"msg_said\",\"n\":1E2}");
  private static final Item STORED = item("msg_stored", "{\"id\":\"msg_stored\"}");

  private static Item item(String id, String json) {
    return new Item(id, "message", JsonText.of(json));
  }

  private static ResponseRequest request(String body) {
    return ResponseRequest.of(body.replace('\'', '"').getBytes(UTF_8), 10);
  }

  private static String sent(String body, List<Item> context, List<Item> input) {
    return new String(request(body).sent(context, input), UTF_8).replace('"', '\'');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m','input':'hi'} | {'store':false,'model':'m','input':'hi'}",
        "{ 'input' : 'hi' , 'model' : 'm' } | {'store':false,'input':'hi','model' : 'm'}",
        "{'store':true,'model':'m','conversation':{'id':'c','x':1},'background':false,'input':'hi','z':[1E2, 0.10]}"
            + " | {'store':false,'model':'m','input':'hi','z':[1E2, 0.10]}",
        "{'model':'m','previous_response_id':'r','input':'hi'} | {'store':false,'model':'m','input':'hi'}",
        "{'model':'m','input':'\\ud800 \\u00e9','\\ud800':'\\udc00','z':1,'z':2}"
            + " | {'store':false,'model':'m','input':'\\ud800 \\u00e9','\\ud800':'\\udc00','z':1,'z':2}",
        "{'model':'m','conversation':'c'} | {'store':false,'model':'m'}",
      })
  void whatIsNotThisServicesOwnIsSentAsItCame(String body, String sent) {
    assertThat(sent(body, List.of(), List.of(SAID))).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model':'m','input':'h\\u00e9'}"
            + " | {'store':false,'model':'m','input':[{'id':'msg_said','n':1E2},{'role':'user','content':'h\\u00e9'}]}",
        "{'model':'m','input':[ {'role':'user','content':'hi','odd':1.0} ],'z':1}"
            + " | {'store':false,'model':'m','input':[{'id':'msg_said','n':1E2},{'role':'user','content':'hi','odd':1.0}],'z':1}",
        "{'model':'m','input':[{'type':'item_reference','id':'msg_stored'}]}"
            + " | {'store':false,'model':'m','input':[{'id':'msg_said','n':1E2},{'id':'msg_stored'}]}",
      })
  void theContextStandsBeforeTheInput(String body, String sent) {
    assertThat(sent(body, List.of(SAID), List.of(STORED))).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",'input':null", ",'input':''", ",'input':[]"})
  void theContextMayBeAllThatIsAsked(String input) {
    String sent =
        sent("{'model':'m','conversation':'c'%s}".formatted(input), List.of(SAID), List.of());

    assertThat(sent).contains("'input':[{'id':'msg_said','n':1E2}]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | ` ` | invalid_type",
        "{'model':1,'input':'hi' | ` ` | invalid_json",
        "{'input':1} | model | missing_required_parameter",
        "{'model':null,'input':'hi'} | model | missing_required_parameter",
        "{'model':'m','stream':'yes'} | input | missing_required_parameter",
        "{'model':'m','input':1} | input | invalid_type",
        "{'model':1,'input':'hi'} | model | invalid_type",
        "{'model':'m','input':'hi','store':'no'} | store | invalid_type",
        "{'model':'m','input':'hi','stream':1} | stream | invalid_type",
        "{'model':'m','input':'hi','conversation':1} | conversation | invalid_type",
        "{'model':'m','input':'hi','conversation':{}} | conversation.id | missing_required_parameter",
        "{'model':'m','input':'hi','previous_response_id':1} | previous_response_id | invalid_type",
        "{'model':'m','input':'hi','metadata':{'a':1}} | metadata.a | invalid_type",
        "{'model':'m','input':'hi','user':1} | user | invalid_type",
        "{'model':'m','input':[{'role':'king','content':'a'}]} | input[0].role | invalid_value",
        "{'model':'m','input':'hi','store':true,'store':false} | store | invalid_value",
        "{'model':'m','input':'hi','background':true} | background | unsupported_parameter",
      })
  void whatIsWrongIsNamed(String body, String param, String code) {
    assertThatThrownBy(() -> request(body))
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class,
            refused -> {
              assertThat(refused.param()).isEqualTo(param.isBlank() ? null : param);
              assertThat(refused.code()).isEqualTo(code);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "[]"})
  void nothingIsAskedWithoutInput(String input) {
    assertThatThrownBy(() -> request("{'model':'m','input':%s}".formatted(input)).checkInput())
        .hasMessageStartingWith("One of \"input\" or");
    request("{'model':'m','input':%s,'conversation':'c'}".formatted(input)).checkInput();
  }

  /** SDKs send members that are not set as null. */
  @Test
  void nullCountsAsAbsent() {
    ResponseRequest request =
        request(
            "{'model':'m','input':'hi','store':null,'stream':null,'background':null,'metadata':null,"
                + "'conversation':null,'previous_response_id':null,'user':null}");

    assertThat(request.isStored()).isTrue();
    assertThat(request.streams()).isFalse();
    assertThat(request.conversationId()).isNull();
    assertThat(request.previousResponseId()).isNull();
  }

  @Test
  void thePromptShowsWhatIsKnown() {
    ResponseRequest request =
        request(
            "{'model':'m','input':'hi','conversation':'c','metadata':{'k':'v'},'temperature':0.10,"
                + "'tools':[{'type':'function'}],'include':['x'],'user':null}");

    assertThat(request.described("resp_1", 7).prompt().toString().replace('"', '\''))
        .isEqualTo(
            "{'id':'resp_1','object':'response','created_at':7,'background':false,"
                + "'conversation':{'id':'c'},'previous_response_id':null,'store':true,"
                + "'metadata':{'k':'v'},'status':'in_progress','completed_at':null,'error':null,"
                + "'incomplete_details':null,'output':[],'usage':null,'parallel_tool_calls':true,"
                + "'tool_choice':'auto','tools':[{'type':'function'}],'model':'m','temperature':0.10}");
  }
}
