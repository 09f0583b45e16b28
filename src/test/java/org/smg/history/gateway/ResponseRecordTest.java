package org.smg.history.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.smg.history.config.Options;
import org.smg.history.fleet.ServerName;
import org.smg.history.json.ConversationDraft;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;
import org.smg.history.rules.Completion;
import org.smg.history.rules.ConversationHistory;
import org.smg.history.rules.HistoryClock;
import org.smg.history.rules.Idempotency;
import org.smg.history.rules.IdempotencyKey;
import org.smg.history.rules.Ids;
import org.smg.history.rules.ResponseContext;
import org.smg.history.rules.ResponseHistory;
import org.smg.history.rules.RunHistory;
import org.smg.history.rules.Window;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.memory.MemoryStorage;

/** What is sent to a model server, what of its answer leaves, and what is stored of it. */
class ResponseRecordTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Caller CALLER = new Caller("t", "u", false, null);
  private static final long MOST_BYTES = 100_000;

  private static final Window FIRST = new Window(100, Order.ASC, null, null);

  private static final String ANSWER =
      """
      {'id':'resp_model','object':'response','created_at':5,'status':'completed','model':'m-1',
       'store':false,'conversation':{'id':'theirs'},'odd':1E2,
       'output':[{'type':'message','id':'%s','role':'assistant','status':'completed',
        'content':[{'type':'output_text','text':'%s','annotations':[]}]}],
       'usage':{'input_tokens':3,'output_tokens':1,'total_tokens':4}}""";

  private final Storage storage =
      new MemoryStorage(new Options(name -> Optional.empty()), ByteMeter.NONE, Horizon.NONE);
  private final HistoryClock clock = new HistoryClock();
  private final Ids ids = new Ids(clock);
  private final Completion completion = new Completion(clock, ids);
  private final ConversationHistory conversations =
      new ConversationHistory(storage, clock, ids, completion, new Idempotency(storage, clock));
  private final ResponseHistory responses = new ResponseHistory(storage, completion);
  private final RunHistory runs =
      new RunHistory(
          storage,
          new ResponseContext(storage),
          completion,
          new Idempotency(storage, clock),
          clock,
          ids);
  private final CallRecorder recorder = new CallRecorder(runs, ids, new ServerName(ids));

  private Prepared prepare(String request, String key) {
    List<ModelRequest.Header> headers =
        key == null ? List.of() : List.of(new ModelRequest.Header("Idempotency-Key", key));
    return recorder.response(
        CALLER,
        new ModelRequest(
            "POST",
            "/responses",
            headers,
            Optional.empty(),
            request.replace('\'', '"').getBytes(UTF_8)),
        MOST_BYTES,
        doubtful -> {});
  }

  private Call begin(String members) {
    return (Call) prepare("{'model':'m',%s}".formatted(members), null);
  }

  private static JsonNode input(Call call) throws IOException {
    return JSON.readTree(call.request().body()).path("input");
  }

  private static JsonNode finish(Call call, String answer) throws IOException {
    return JSON.readTree(call.record().finish(answer.replace('\'', '"').getBytes(UTF_8)));
  }

  private static JsonNode finish(Call call) throws IOException {
    return finish(call, answer("msg_model", "yes"));
  }

  private static String answer(String itemId, String text) {
    return ANSWER.formatted(itemId, text);
  }

  private static String id(JsonNode response) {
    return response.path("id").textValue();
  }

  private StoredResponse stored(String id) {
    return responses.get(CALLER, id);
  }

  private String onlyStored() {
    return responses
        .list(
            CALLER,
            new ResponseFilter(null, null, null, null, null, Metadata.NONE, TimeRange.ALWAYS),
            FIRST)
        .data()
        .get(0)
        .key()
        .id();
  }

  private String conversation() {
    return conversations
        .create(CALLER, ConversationDraft.ofCreation("{}".getBytes(UTF_8), 0), IdempotencyKey.NONE)
        .key()
        .id();
  }

  private void post(String conversation, String items) {
    byte[] body = "{'items':[%s]}".formatted(items).replace('\'', '"').getBytes(UTF_8);
    conversations.append(
        CALLER, conversation, ConversationDraft.ofAddition(body, 20), IdempotencyKey.NONE);
  }

  private List<String> items(String conversation) {
    return conversations.items(CALLER, conversation, FIRST).data().stream().map(Item::id).toList();
  }

  private static byte[] event(String json) {
    return "data: %s\n\n".formatted(json.replace('\'', '"')).getBytes(UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8).replace('"', '\'');
  }

  private static void assertRefused(ThrowingCallable call, String code, String param) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.param()).isEqualTo(param);
            });
  }

  @Test
  void aTurnGoesIntoItsConversationAndBeforeTheNextOne() throws IOException {
    String id = conversation();
    Call first = begin("'conversation':'%s','input':'one'".formatted(id));

    assertThat(items(id)).isEmpty();
    assertThat(stored(onlyStored()).status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    JsonNode answer = finish(first);
    assertThat(id(answer)).isEqualTo(onlyStored());
    assertThat(answer.path("conversation").path("id").textValue()).isEqualTo(id);
    assertThat(answer.path("odd").asText()).isEqualTo("100.0");
    assertThat(JSON.readTree(stored(id(answer)).json().toUtf8())).isEqualTo(answer);
    assertThat(items(id)).hasSize(2).last().isEqualTo("msg_model");

    JsonNode next = input(begin("'conversation':'%s','input':'two'".formatted(id)));
    assertThat(next).hasSize(3);
    assertThat(next.path(1).path("id").textValue()).isEqualTo("msg_model");
    assertThat(next.path(2).path("content").textValue()).isEqualTo("two");
  }

  @Test
  void aConversationHasOneRun() {
    String id = conversation();
    begin("'conversation':'%s','input':'one'".formatted(id));

    assertThatThrownBy(() -> begin("'conversation':'%s','input':'two'".formatted(id)))
        .isInstanceOf(HistoryFailure.ConversationLocked.class);
  }

  @Test
  void aChainIsSentWholeAndInOrder() throws IOException {
    String first = id(finish(begin("'input':'one'"), answer("msg_1", "1")));
    String second =
        id(
            finish(
                begin("'previous_response_id':'%s','input':'two'".formatted(first)),
                answer("msg_2", "2")));
    // Another branch of the same root.
    finish(begin("'previous_response_id':'%s','input':'other'".formatted(first)));

    JsonNode sent = input(begin("'previous_response_id':'%s','input':'three'".formatted(second)));

    assertThat(sent.findValuesAsText("text")).containsExactly("one", "1", "two", "2");
    assertThat(sent.path(4).path("content").textValue()).isEqualTo("three");
  }

  /** It is read in parts. */
  @Test
  void aLongChainIsSentWhole() throws IOException {
    String last = id(finish(begin("'input':'0'"), answer("msg_0", "0")));
    for (int i = 1; i < 120; i++) {
      last =
          id(
              finish(
                  begin("'previous_response_id':'%s','input':'%d'".formatted(last, i)),
                  answer("msg_" + i, "" + i)));
    }

    JsonNode sent = input(begin("'previous_response_id':'%s','input':'end'".formatted(last)));

    assertThat(sent.findValuesAsText("text"))
        .containsExactlyElementsOf(
            IntStream.range(0, 240).mapToObj(i -> String.valueOf(i / 2)).toList());
  }

  @Test
  void aChainIsNeverShortened() throws IOException {
    String first = id(finish(begin("'input':'one'"), answer("msg_1", "1")));
    String second =
        id(
            finish(
                begin("'previous_response_id':'%s','input':'two'".formatted(first)),
                answer("msg_2", "2")));
    responses.delete(CALLER, first);

    assertThatThrownBy(() -> begin("'previous_response_id':'%s','input':'three'".formatted(second)))
        .hasMessageContaining(first);
    assertRefused(
        () -> begin("'previous_response_id':'%s','input':'x'".formatted(first)),
        "previous_response_not_found",
        "previous_response_id");
  }

  @Test
  void whatHasNoAnswerCannotBeFollowed() {
    Call running = begin("'input':'one'");
    String id = onlyStored();

    assertRefused(
        () -> begin("'previous_response_id':'%s','input':'x'".formatted(id)),
        "previous_response_not_found",
        "previous_response_id");
    running.record().fail(ModelServerFailure.brokenOff());
    assertRefused(
        () -> begin("'previous_response_id':'%s','input':'x'".formatted(id)),
        "previous_response_not_found",
        "previous_response_id");
  }

  /** It goes on as its conversation would have gone on then. */
  @Test
  void aChainMayBeginInAConversation() throws IOException {
    String id = conversation();
    post(id, "{'role':'user','content':'before'}");
    Call first = begin("'conversation':'%s','input':'one'".formatted(id));
    post(id, "{'role':'user','content':'meanwhile'}");
    String root = id(finish(first, answer("msg_1", "1")));
    finish(begin("'conversation':'%s','input':'later'".formatted(id)), answer("msg_2", "2"));

    JsonNode sent = input(begin("'previous_response_id':'%s','input':'two'".formatted(root)));

    assertThat(sent.findValuesAsText("text")).containsExactly("before", "meanwhile", "one", "1");
    conversations.delete(CALLER, id);
    assertRefused(
        () -> begin("'previous_response_id':'%s','input':'two'".formatted(root)),
        "previous_response_not_found",
        "previous_response_id");
  }

  @Test
  void anIdMustNotComeTwice() throws IOException {
    String first = id(finish(begin("'input':[{'id':'msg_in','role':'user','content':'a'}]")));

    assertRefused(
        () ->
            begin(
                "'previous_response_id':'%s','input':[{'id':'msg_in','role':'user','content':'a'}]"
                    .formatted(first)),
        null,
        "input");
    assertRefused(
        () ->
            begin(
                "'store':false,'input':[{'id':'a','role':'user','content':'a'},{'id':'a','role':'user','content':'b'}]"),
        null,
        "input");
  }

  @Test
  void conversationAndPredecessorExcludeEachOther() {
    assertRefused(
        () -> begin("'conversation':'a','previous_response_id':'b','input':'x'"),
        "mutually_exclusive_parameters",
        null);
  }

  @Test
  void whatIsTooLongIsNotSent() throws IOException {
    String half = "x".repeat((int) MOST_BYTES / 2);
    String first = id(finish(begin("'input':'%s'".formatted(half))));

    assertThatThrownBy(
            () -> begin("'previous_response_id':'%s','input':'%s'".formatted(first, half)))
        .isInstanceOf(HistoryFailure.ContextTooLong.class);
  }

  @Test
  void whatIsNotToBeKeptIsReadOnly() throws IOException {
    String id = conversation();
    finish(begin("'conversation':'%s','input':'one'".formatted(id)));
    Call running = begin("'conversation':'%s','input':'two'".formatted(id));
    Call call = begin("'store':false,'conversation':'%s','input':'three'".formatted(id));

    assertThat(input(call)).hasSize(3);
    assertThat(call.isKept()).isFalse();
    JsonNode answer = finish(call, answer("msg_2", "2"));
    assertThat(answer.path("store").booleanValue()).isFalse();
    assertThat(answer.path("conversation").path("id").textValue()).isEqualTo(id);
    assertThatThrownBy(() -> stored(id(answer))).isInstanceOf(HistoryFailure.NotFound.class);
    finish(running, answer("msg_2", "2"));
    assertThat(items(id)).hasSize(4);
  }

  @Test
  void anIdThatIsTakenMeanwhileIsMadeAnew() throws IOException {
    String id = conversation();
    Call call = begin("'conversation':'%s','input':'one'".formatted(id));
    post(id, "{'id':'msg_model','role':'user','content':'other'}");

    JsonNode answer = finish(call);

    assertThat(id(answer.path("output").path(0))).startsWith("msg_").isNotEqualTo("msg_model");
    assertThat(items(id)).hasSize(3).last().isEqualTo(id(answer.path("output").path(0)));
  }

  @Test
  void whatIsUnfinishedStaysInTheResponseAlone() throws IOException {
    String id = conversation();
    JsonNode answer =
        finish(
            begin("'conversation':'%s','input':'one'".formatted(id)),
            """
            {'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'},'output':[
             {'type':'reasoning','id':'rs_1','summary':[]},
             {'type':'function_call','id':'fc_1','call_id':'c1','name':'f','arguments':'{}','status':'completed'},
             {'type':'reasoning','id':'rs_2','summary':[]},
             {'type':'function_call','id':'fc_2','call_id':'c2','name':'f','arguments':'{','status':'incomplete'},
             {'type':'reasoning','id':'rs_3','summary':[]}]}""");

    assertThat(answer.path("output")).hasSize(5);
    assertThat(items(id)).hasSize(3).endsWith("rs_1", "fc_1");
    JsonNode followed =
        input(begin("'previous_response_id':'%s','input':'two'".formatted(id(answer))));
    assertThat(followed.findValuesAsText("id")).endsWith("rs_1", "fc_1");
  }

  @Test
  void aFailedTurnKeepsItsPromptAndFreesTheConversation() throws IOException {
    String id = conversation();
    Call failed = begin("'conversation':'%s','input':'one'".formatted(id));
    failed.record().fail(ModelServerFailure.timeout());

    StoredResponse record = stored(onlyStored());
    assertThat(record.status()).isEqualTo(ResponseStatus.FAILED);
    assertThat(record.json().toString()).contains("\"code\":\"model_server_timeout\"");
    assertThat(responses.inputItems(CALLER, record.key().id(), FIRST).data()).hasSize(1);
    assertThat(items(id)).isEmpty();
    finish(begin("'conversation':'%s','input':'two'".formatted(id)));
    assertThat(items(id)).hasSize(2);
  }

  @Test
  void whatIsNoResponseIsRefusedAndTheRunGoesOn() throws IOException {
    Call call = begin("'input':'one'");

    for (String garbage : List.of("[", "{}", "{'output':1}", "{'output':[{}]}", "[]")) {
      assertThatThrownBy(() -> finish(call, garbage)).isInstanceOf(HistoryFailure.Invalid.class);
    }
    finish(call);
  }

  @Test
  void aRunThatOthersHaveEndedIsNotFinished() {
    Call call = begin("'user':'u','input':'one'");
    responses.delete(
        CALLER, new ResponseFilter(null, null, null, null, "u", Metadata.NONE, TimeRange.ALWAYS));

    assertThatThrownBy(() -> finish(call)).isInstanceOf(HistoryFailure.RunEnded.class);
  }

  @Test
  void aStreamLeavesUpToItsLastEventAndIsStoredBeforeThat() {
    String id = conversation();
    AnswerRecord record =
        begin("'conversation':'%s','stream':true,'input':'one'".formatted(id)).record();
    String response = onlyStored();

    assertThat(
            text(
                record.leaving(
                    event(
                        "{'type':'response.created','sequence_number':0,'response':{'id':'theirs'}}"))))
        .startsWith("event: response.created\ndata: {")
        .contains("'id':'%s'".formatted(response))
        .endsWith("}\n\n");
    assertThat(
            text(
                record.leaving(
                    event(
                        "{'type':'response.output_item.added','sequence_number':1,'output_index':0,'item':{'type':'message','id':'a/b'}}"))))
        .contains("'id':'msg_");
    assertThat(record.isComplete()).isFalse();
    assertThat(
            record.leaving(
                event(
                    "{'type':'response.completed','sequence_number':2,'response':{'status':'completed','output':[{'type':'message','id':'a/b'}]}}")))
        .isEmpty();
    assertThat(record.isComplete()).isTrue();
    assertThat(record.leaving("data: [DONE]\n\n".getBytes(UTF_8))).isEmpty();
    assertThat(stored(response).isFinished()).isFalse();

    assertThat(text(record.finish(new byte[0])))
        .startsWith("event: response.completed\n")
        .contains("'sequence_number':2", "'id':'%s'".formatted(items(id).get(1)))
        .endsWith("data: [DONE]\n\n");
    assertThat(stored(response).status()).isEqualTo(ResponseStatus.COMPLETED);
  }

  @Test
  void aStreamWithoutItsLastEventIsNoAnswer() {
    AnswerRecord record = begin("'stream':true,'input':'one'").record();
    record.leaving(event("{'type':'response.in_progress','sequence_number':0}"));

    assertThatThrownBy(() -> record.finish(new byte[0])).isInstanceOf(NoAnswer.class);
    assertThat(text(record.end(ModelServerFailure.brokenOff())))
        .contains("event: response.failed\n", "'code':'model_server_error'", "[DONE]");
  }

  @Test
  void anErrorInAStreamIsToldWithItsMessage() {
    AnswerRecord record = begin("'stream':true,'input':'one'").record();

    assertThatThrownBy(
            () -> record.leaving(event("{'type':'error','error':{'message':'out of memory'}}")))
        .isInstanceOfSatisfying(
            NoAnswer.class,
            failed -> assertThat(failed.failure().message()).contains("out of memory"));
  }

  @Test
  void aRequestWithAKeyIsCarriedOutOnce() throws IOException {
    String request = "{'model':'m','input':'one'}";
    Call first = (Call) prepare(request, "k");

    assertThat(first.request().headers()).isEmpty();
    assertThatThrownBy(() -> prepare(request, "k"))
        .isInstanceOf(HistoryFailure.RunInProgress.class);
    assertRefused(
        () -> prepare("{'model':'m','input':'two'}", "k"),
        "idempotency_key_reused",
        "Idempotency-Key");
    JsonNode answer = finish(first);
    ReadyAnswer again = (ReadyAnswer) prepare(request, "k");
    assertThat(JSON.readTree(again.body())).isEqualTo(answer);
  }

  @Test
  void aRepeatedStreamIsItsFirstEventAndItsLast() throws IOException {
    String request = "{'model':'m','stream':true,'input':'one'}";
    JsonNode answer = finish((Call) prepare(request, "k"));

    String again = text(((ReadyAnswer) prepare(request, "k")).body());

    assertThat(again)
        .containsSubsequence(
            "event: response.created\n",
            "'id':'%s'".formatted(id(answer)),
            "event: response.completed\n",
            "'id':'%s'".formatted(id(answer)),
            "data: [DONE]\n\n");
  }

  @Test
  void theKeyOfAFailedRunIsFreeAgain() throws IOException {
    String request = "{'model':'m','input':'one'}";
    ((Call) prepare(request, "k")).record().fail(ModelServerFailure.brokenOff());

    finish((Call) prepare(request, "k"));
  }
}
