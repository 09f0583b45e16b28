package org.smg.history.json.responses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.model.HistoryFailure;

/** What in an answer is told otherwise. Items without an id are named after their place. */
class ResponseAnswerTest {

  private static final ItemIds BY_PLACE =
      new ItemIds() {
        @Override
        public String of(Long index, String sent, String type) {
          return sent == null ? type + index : sent;
        }

        @Override
        public String known(Long index, String sent) {
          return sent == null && index != null ? "message" + index : sent;
        }
      };

  private final ResponseAnswer answer =
      new ResponseAnswer(
          ResponseRequest.of(
                  "{\"model\":\"m\",\"input\":\"hi\",\"metadata\":{\"k\":\"v\"}}".getBytes(UTF_8),
                  9)
              .described("resp_1", 7),
          BY_PLACE);

  private Optional<AnswerEvent> event(String json) {
    return answer.event(json.replace('\'', '"').getBytes(UTF_8));
  }

  private String leaving(String json) {
    return event(json).orElseThrow().json().toString().replace('"', '\'');
  }

  private String response(String json) {
    return answer.response(json.replace('\'', '"').getBytes(UTF_8)).toString().replace('"', '\'');
  }

  @Test
  void theResponseIsNamedAsItIsHere() {
    assertThat(
            response(
                "{ 'id':'theirs', 'object':'response','created_at':5.5,'store':false,'metadata':{},"
                    + "'conversation':{'id':'theirs'},'previous_response_id':'theirs','background':null,"
                    + "'model':'m-1','tools':null,'odd':1E2,'output':[{'type':'message','x':1}],"
                    + "'status':'completed'}"))
        .isEqualTo(
            "{'parallel_tool_calls':true,'tool_choice':'auto', 'id':'resp_1', 'object':'response','created_at':7,'store':true,"
                + "'metadata':{'k':'v'},'conversation':null,'previous_response_id':null,'background':false,"
                + "'model':'m-1','tools':[],'odd':1E2,'output':[{'id':'message0','type':'message','x':1}],"
                + "'status':'completed'}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'response.output_text.delta','sequence_number':9,'item_id':'a','output_index':0,'delta':'x','odd':1.0}"
            + " | {'type':'response.output_text.delta','sequence_number':0,'item_id':'a','output_index':0,'delta':'x','odd':1.0}",
        "{'type':'response.output_text.delta','output_index':0,'delta':'x'}"
            + " | {'sequence_number':0,'item_id':'message0','type':'response.output_text.delta','output_index':0,'delta':'x'}",
        "{'type':'response.shell_call_command.delta','sequence_number':0,'output_index':0}"
            + " | {'type':'response.shell_call_command.delta','sequence_number':0,'output_index':0}",
        "{'type':'response.output_item.done','sequence_number':0,'output_index':2,'item':{'id':null,'type':'x'}}"
            + " | {'type':'response.output_item.done','sequence_number':0,'output_index':2,'item':{'id':'x2','type':'x'}}",
      })
  void eventsAreNumberedAndTheirItemsNamed(String sent, String leaving) {
    assertThat(leaving(sent)).isEqualTo(leaving);
  }

  @Test
  void whatSdksDoNotKnowIsDroppedAndNotCounted() {
    assertThat(event("{'type':'response.odd','sequence_number':0}")).isEmpty();
    assertThat(leaving("{'type':'response.in_progress','sequence_number':1}"))
        .contains("'sequence_number':0");
    assertThat(leaving("{'type':'response.in_progress','sequence_number':2}"))
        .contains("'sequence_number':1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"[]", "{", "{}", "{'id':'theirs'}", "{'output':null}", "{'output':1}"})
  void whatIsNoResponseIsRefused(String json) {
    assertThatThrownBy(() -> response(json)).isInstanceOf(HistoryFailure.Invalid.class);
  }

  @Test
  void aResponseThatFailedNeedsNoOutput() {
    assertThat(response("{'status':'failed','error':{'code':'c'}}")).contains("'status':'failed'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]",
        "{",
        "{'type':1}",
        "{'sequence_number':1}",
        "{'type':'error','item':{'id':'a'}}"
      })
  void whatIsNoEventIsRefused(String json) {
    assertThatThrownBy(() -> event(json)).isInstanceOf(HistoryFailure.Invalid.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'error','message':'no','code':null}",
        "{'type':'error','error':{'type':'server_error','message':'no'}}",
      })
  void bothFormsOfAnErrorAreRead(String json) {
    AnswerEvent error = event(json).orElseThrow();

    assertThat(error.isError()).isTrue();
    assertThat(error.message()).isEqualTo("no");
  }

  @Test
  void anEventIsTwoLines() {
    AnswerEvent event =
        event("{'type':'response.in_progress',\n'sequence_number':0}").orElseThrow();

    assertThat(new String(event.inStream(), UTF_8))
        .isEqualTo(
            "event: response.in_progress\n"
                + "data: {\"type\":\"response.in_progress\", \"sequence_number\":0}\n\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "message | output_text.delta | 'content_index' | 'content':[{'type':'output_text','text':'a\\ud83d\\ude00','annotations':[],'logprobs':[]}]",
        "message | refusal.delta | 'content_index' | 'content':[{'type':'refusal','refusal':'a\\ud83d\\ude00'}]",
        "reasoning | reasoning_text.delta | 'content_index' | 'content':[{'type':'reasoning_text','text':'a\\ud83d\\ude00'}]",
        "reasoning | reasoning_summary_text.delta | 'summary_index' | 'summary':[{'type':'summary_text','text':'a\\ud83d\\ude00'}]",
        "function_call | function_call_arguments.delta | 'odd' | 'arguments':'a\\ud83d\\ude00'",
        "mcp_call | mcp_call_arguments.delta | 'odd' | 'arguments':'a\\ud83d\\ude00'",
        "custom_tool_call | custom_tool_call_input.delta | 'odd' | 'input':'a\\ud83d\\ude00'",
        "code_interpreter_call | code_interpreter_call_code.delta | 'odd' | 'code':'a\\ud83d\\ude00'",
      })
  void aFailedResponseKeepsTheTextThatHadArrived(
      String type, String delta, String part, String member) {
    event(
        "{'type':'response.output_item.added','output_index':0,'item':{'id':'i','type':'%s','status':'in_progress'}}"
            .formatted(type));
    for (String text : List.of("a\\ud83d", "\\ude00")) {
      event(
          "{'type':'response.%s','item_id':'i','output_index':0,%s:0,'delta':'%s'}"
              .formatted(delta, part, text));
    }

    String failed = answer.failed("c", "m").toString().replace('"', '\'');
    assertThat(failed)
        .contains("'id':'i','type':'%s','status':'incomplete'".formatted(type), member)
        .contains("'status':'failed'", "'error':{'code':'c','message':'m'}");
  }

  @Test
  void aFailedResponseKeepsTheItemsThatWereDone() {
    event("{'type':'response.output_item.added','output_index':1,'item':{'type':'b'}}");
    event("{'type':'response.output_item.added','output_index':0,'item':{'type':'a'}}");
    event("{'type':'response.output_item.done','output_index':0,'item':{'type':'a','x':1}}");

    assertThat(answer.failed("c", "m").toString().replace('"', '\''))
        .contains(
            "'output':[{'id':'a0','type':'a','x':1},{'status':'incomplete','id':'b1','type':'b'}]");
  }

  /** Some SDKs refuse a stream that does not begin with it. */
  @Test
  void aFailedStreamBeginsWithTheCreationToo() {
    assertThat(answer.failedEvents("c", "m"))
        .extracting(AnswerEvent::type)
        .containsExactly("response.created", "response.failed");
    assertThat(answer.failedEvents("c", "m"))
        .extracting(event -> event.json().toString())
        .singleElement()
        .asString()
        .contains("\"sequence_number\":1");
  }
}
