package org.smg.history.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;

/** What becomes of a chat completion in its record. */
class ChatRecordTest {

  private static final int MOST = 10;

  private static ChatRequest request(String messages) {
    return ChatRequest.of("{\"messages\":[%s]}".formatted(messages).getBytes(UTF_8));
  }

  private static String recorded(ChatRequest request, String... chunks) {
    ChatAnswer answer = new ChatAnswer();
    for (String chunk : chunks) {
      answer.read(chunk.getBytes(UTF_8));
    }
    return new String(answer.record(request, MOST).body(), UTF_8);
  }

  private static String choice(String message, String reason) {
    return "{\"choices\":[{\"index\":0,\"message\":%s,\"finish_reason\":\"%s\"}]}"
        .formatted(message, reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'role':'user','content':'hi'} | {'type':'message','role':'user','content':'hi'}",
        "{'role':'developer','content':'be','name':'n'} | {'type':'message','role':'developer','content':'be','name':'n'}",
        "{'role':'user','content':[{'type':'text','text':'a'},{'type':'image_url','image_url':{'url':'u','detail':'low'}}]}"
            + " | {'type':'message','role':'user','content':[{'type':'input_text','text':'a'},{'type':'input_image','image_url':'u','detail':'low'}]}",
        "{'role':'user','content':[{'type':'input_audio','input_audio':{'data':'d'}}]}"
            + " | {'type':'message','role':'user','content':[{'type':'input_audio','input_audio':{'data':'d'}}]}",
        "{'role':'assistant','content':null,'tool_calls':[{'id':'c1','type':'function','function':{'name':'f','arguments':'{}'}}]}"
            + " | {'type':'function_call','call_id':'c1','name':'f','arguments':'{}'}",
        "{'role':'assistant','content':'see','tool_calls':[{'id':'c1','type':'custom','custom':{'name':'f','input':'x'}}]}"
            + " | {'type':'message','role':'assistant','content':'see'},{'type':'custom_tool_call','call_id':'c1','name':'f','input':'x'}",
        "{'role':'tool','tool_call_id':'c1','content':'42'} | {'type':'function_call_output','call_id':'c1','output':'42'}",
        "{'role':'assistant','content':'yes','reasoning_content':'why'}"
            + " | {'type':'reasoning','summary':[],'content':[{'type':'reasoning_text','text':'why'}]},{'type':'message','role':'assistant','content':'yes'}"
      })
  void aMessageBecomesItems(String message, String items) {
    assertThat(request(message.replace('\'', '"')).items()).isEqualTo(items.replace('\'', '"'));
  }

  /** Half a surrogate pair, an escape and a control character. */
  @Test
  void textsAreCopiedAsTheyStand() {
    String text = "\\ud83d \\u00e9\\n\\u0000 %s \"".replace("\"", "\\\"");

    assertThat(request("{\"role\":\"user\",\"content\":\"%s\"}".formatted(text)).items())
        .contains("\"content\":\"" + text + "\"");
    assertThat(
            recorded(
                request(""),
                choice("{\"role\":\"assistant\",\"content\":\"%s\"}".formatted(text), "stop")))
        .contains("\"text\":\"" + text + "\"");
  }

  @Test
  void aCompletionBecomesAResponse() {
    ChatRequest request =
        ChatRequest.of(
            ("{\"model\":\"m\",\"user\":\"u\",\"metadata\":{\"k\":\"v\"},\"temperature\":0.50,\"n\":2,"
                    + "\"max_completion_tokens\":9,\"messages\":[]}")
                .getBytes(UTF_8));

    String record =
        recorded(
            request,
            "{\"id\":\"chatcmpl-1\",\"created\":5,\"model\":\"m-1\",\"choices\":[{\"message\":{\"role\":\"assistant\","
                + "\"content\":\"hi\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,"
                + "\"completion_tokens\":2,\"total_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":4},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":6}}}");

    assertThat(record)
        .contains(
            "\"status\":\"completed\"",
            "\"model\":\"m-1\"",
            "\"user\":\"u\"",
            "\"metadata\":{\"k\":\"v\"}",
            "\"temperature\":0.50",
            "\"max_output_tokens\":9",
            "\"input_tokens\":1",
            "\"output_tokens\":2",
            "\"input_tokens_details\":{\"cached_tokens\":4}",
            "\"output_tokens_details\":{\"reasoning_tokens\":6}",
            "\"output\":[{\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\","
                + "\"content\":[{\"type\":\"output_text\",\"text\":\"hi\",\"annotations\":[]}]}]");
  }

  @Test
  void chunksAreJoined() {
    String record =
        recorded(
            request(""),
            "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lo\"}}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"\"}}]}}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\\\"\"}}]}}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}",
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}");

    assertThat(record)
        .contains("\"text\":\"Hello\"", "\"usage\":{\"input_tokens\":1}")
        .contains(
            "{\"type\":\"function_call\",\"call_id\":\"a\",\"name\":\"f\",\"arguments\":\"{\\\"x\\\":1}\",\"status\":\"completed\"},"
                + "{\"type\":\"function_call\",\"call_id\":\"b\",\"name\":\"g\",\"arguments\":\"\",\"status\":\"completed\"}");
  }

  @ParameterizedTest
  @CsvSource({"length,max_output_tokens", "content_filter,content_filter"})
  void whatIsCutIsIncomplete(String finishReason, String reason) {
    assertThat(recorded(request(""), choice("{\"content\":\"a\"}", finishReason)))
        .contains(
            "\"status\":\"incomplete\"",
            "\"incomplete_details\":{\"reason\":\"%s\"}".formatted(reason));
  }

  @Test
  void aRefusalIsAPartOfTheMessage() {
    assertThat(recorded(request(""), choice("{\"content\":null,\"refusal\":\"no\"}", "stop")))
        .contains("\"content\":[{\"type\":\"refusal\",\"refusal\":\"no\"}]");
  }

  @Test
  void aFailureKeepsWhatHadArrived() {
    ChatAnswer answer = new ChatAnswer();
    answer.read("{\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}".getBytes(UTF_8));

    assertThat(new String(answer.failure(request(""), "c", "m", MOST).body(), UTF_8))
        .contains(
            "\"status\":\"failed\"",
            "\"error\":{\"code\":\"c\",\"message\":\"m\"}",
            "\"text\":\"Hel\"",
            "\"status\":\"incomplete\"");
  }

  @Test
  void aRequestMayForbidIt() {
    assertThat(ChatRequest.of("{\"store\":false}".getBytes(UTF_8)).isStored()).isFalse();
    assertThat(ChatRequest.of("{\"store\":null}".getBytes(UTF_8)).isStored()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{", "{\"messages\":1}", "{\"store\":1}", "{\"messages\":[1]}"})
  void whatIsNoRequestIsRefused(String body) {
    assertThatThrownBy(() -> ChatRequest.of(body.getBytes(UTF_8)))
        .isInstanceOf(HistoryFailure.Invalid.class);
  }
}
