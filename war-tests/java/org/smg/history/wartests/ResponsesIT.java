package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Recording finished turns, and what can be read of them. */
@ServedBy({MEMORY, POSTGRES, REDIS})
class ResponsesIT {

  private static final String ANSWER =
      "{\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\","
          + "\"content\":[{\"type\":\"output_text\",\"text\":\"pong\"}]}";

  private final Http http;

  ResponsesIT(ApplicationServer server) {
    http = server.http();
  }

  @Test
  void aRecordedTurnIsAnsweredAndReadBackTheSame() {
    String path = "/v1/responses/" + unique("resp");

    Answer recorded =
        stored(
            http.put(
                path, "{\"model\":\"m\",\"input\":\"ping\",\"output\":[%s]}".formatted(ANSWER)));

    assertThat(http.get(path).text()).isEqualTo(recorded.text());
    assertThat(http.get(path).text()).isEqualTo(recorded.text());
    assertThat(recorded.json().has("input")).isFalse();
    assertThat(recorded.json().at("/output/0/id").textValue()).startsWith("msg_");
  }

  @Test
  void whatOpenAiAlwaysShowsIsFilledInWhereItIsAbsentOrNull() {
    long now = Instant.now().getEpochSecond();
    String id = unique("resp");

    for (String body :
        List.of(
            "{\"output\":[]}",
            "{\"input\":null,\"output\":[]}",
            "{\"id\":null,\"object\":null,\"created_at\":null,\"status\":null,\"output\":[]}")) {
      String path = "/v1/responses/" + id + body.length();
      JsonNode recorded = stored(http.put(path, body)).json();
      assertThat(recorded.path("id").textValue()).isEqualTo(id + body.length());
      assertThat(recorded.path("object").textValue()).isEqualTo("response");
      assertThat(recorded.path("status").textValue()).isEqualTo("completed");
      assertThat(recorded.path("created_at").longValue()).isBetween(now - 5, now + 60);
      assertThat(recorded.size()).isEqualTo(5);
    }
  }

  /** The input is cut out wherever it stands, and not a byte of the rest changes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{@,\"input\":\"hi\"}|{@}",
        "{\"input\":\"hi\",@}|{@}",
        "{ \"input\" : [ ] , @ }|{ @ }",
        "{\"a\":1E2,\"input\":[{\"role\":\"user\",\"content\":\"x\"}],@}|{\"a\":1E2,@}",
        "{@ , \"input\" : \"hi\" , \"b\" : [ 1.0 ] }|{@ , \"b\" : [ 1.0 ] }",
        "{@,\"nested\":{\"input\":1}}|{@,\"nested\":{\"input\":1}}",
        "{@,\"zzz\":{\"\":null,\"n\":-0.0,\"s\":\"\\u0000\\ud800\"}}"
            + "|{@,\"zzz\":{\"\":null,\"n\":-0.0,\"s\":\"\\u0000\\ud800\"}}"
      })
  void unknownMembersComeBackByteForByteWithoutTheInput(String sent, String expected) {
    String id = unique("resp");
    String own =
        "\"id\":\"%s\",\"object\":\"response\",\"created_at\":1.50,\"status\":\"completed\",\"output\":[]"
            .formatted(id);

    Answer recorded = stored(http.put("/v1/responses/" + id, sent.replace("@", own)));

    assertThat(recorded.text()).isEqualTo(expected.replace("@", own));
    assertThat(http.get("/v1/responses/" + id).text()).isEqualTo(recorded.text());
  }

  /** SDKs read the output of every response, also of one that failed before it had any. */
  @ParameterizedTest
  @ValueSource(strings = {"failed", "cancelled", "incomplete"})
  void aTurnThatEndedWithoutOutputShowsAnEmptyArray(String status) {
    String id = unique("resp");

    stored(http.put("/v1/responses/" + id, "{\"status\":\"%s\"}".formatted(status)));

    JsonNode read = http.get("/v1/responses/" + id).json();
    assertThat(read.path("output").isArray()).isTrue();
    assertThat(read.path("output").size()).isZero();
  }

  @Test
  void anInputThatIsTheOnlyMemberLeavesWhatWasFilledIn() {
    String id = unique("resp");

    JsonNode recorded =
        stored(
                http.put(
                    "/v1/responses/" + id,
                    "{ \"input\" : \"hi\", \"status\":null, \"output\":[] }"))
            .json();

    assertThat(recorded.fieldNames())
        .toIterable()
        .containsExactly("id", "object", "created_at", "status", "output");
    assertThat(http.get("/v1/responses/" + id + "/input_items").ids()).hasSize(1);
  }

  @Test
  void inputItemsAreCompletedAndPagedNewestFirst() {
    String id =
        Fixtures.response(
            http,
            "{\"output\":[],\"input\":[%s,{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"o\"}]}"
                .formatted(Fixtures.messages(List.of("a", "b", "c"))));
    String list = "/v1/responses/" + id + "/input_items";

    List<String> ids = http.get(list + "?order=asc").ids();
    Answer first = http.get(list + "?limit=3");
    Answer last = http.get(list + "?limit=3&after=" + first.ids().get(2));

    assertThat(ids).hasSize(4).doesNotHaveDuplicates();
    assertThat(ids.get(0)).startsWith("msg_");
    assertThat(ids.get(3)).startsWith("fc_");
    List<String> paged = Stream.concat(first.ids().stream(), last.ids().stream()).toList();
    assertThat(paged).isEqualTo(reversed(ids));
    assertThat(first.json().path("has_more").booleanValue()).isTrue();
    assertThat(last.json().path("has_more").booleanValue()).isFalse();
    assertThat(Refusal.of(http.get(list + "?after=nowhere")))
        .isEqualTo(Refusal.invalid(404, "after", null, "No item found with id 'nowhere'"));
    assertThat(Refusal.of(http.get(list + "?limit=0")).code()).isEqualTo("integer_below_min_value");
    assertThat(Refusal.of(http.get(list + "?include[]=x")).param()).isEqualTo("include[0]");
  }

  @Test
  void aPageOfInputItemsEndsBeforeAnItemWhereThatIsAskedFor() {
    String id =
        Fixtures.response(
            http, "{\"input\":[%s]}".formatted(Fixtures.messages(List.of("a", "b", "c", "d"))));
    String list = "/v1/responses/" + id + "/input_items";
    List<String> ids = http.get(list + "?order=asc").ids();

    Answer page = http.get(list + "?order=asc&limit=2&before=" + ids.get(3));

    assertThat(page.ids()).isEqualTo(ids.subList(1, 3));
    assertThat(page.json().path("has_more").booleanValue()).isTrue();
    assertThat(http.get(list + "?before=" + ids.get(2)).ids()).containsExactly(ids.get(3));
    assertThat(Refusal.of(http.get(list + "?before=nowhere")))
        .isEqualTo(Refusal.invalid(404, "before", null, "No item found with id 'nowhere'"));
  }

  @Test
  void aStringAsInputIsOneMessageOfTheUser() {
    String id = Fixtures.response(http, "{\"input\":\"h\\u00e9\"}");

    Answer list = http.get("/v1/responses/" + id + "/input_items");

    assertThat(list.text()).contains("\"text\":\"h\\u00e9\"");
    assertThat(list.json().at("/data/0/role").textValue()).isEqualTo("user");
    assertThat(list.json().at("/data/0/content/0/type").textValue()).isEqualTo("input_text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"%s\"", "{\"id\":\"%s\"}", "{ \"more\" : 1, \"id\" : \"%s\" }"})
  void aTurnAppendsItsInputAndItsOutputToItsConversation(String form) {
    String conversation = Fixtures.conversation(http, List.of("before"));
    String id =
        Fixtures.response(
            http,
            "{\"conversation\":%s,\"input\":[%s],\"output\":[%s,{\"type\":\"new\"}]}"
                .formatted(
                    form.formatted(conversation), Fixtures.messages(List.of("a", "b")), ANSWER));

    JsonNode response = http.get("/v1/responses/" + id).json();
    List<String> input = http.get("/v1/responses/" + id + "/input_items?order=asc").ids();
    List<String> output = response.path("output").findValuesAsText("id");

    assertThat(response.at("/conversation/id").textValue()).isEqualTo(conversation);
    assertThat(input).hasSize(2);
    assertThat(output).hasSize(2);
    assertThat(http.get(items(conversation) + "?order=asc").ids().stream().skip(1).toList())
        .isEqualTo(Stream.concat(input.stream(), output.stream()).toList());
  }

  @ParameterizedTest
  @CsvSource({"completed,2", "incomplete,2", "failed,0", "cancelled,0"})
  void onlyATurnThatCameToSomethingIsAppended(String status, int appended) {
    String conversation = Fixtures.conversation(http);

    String id =
        Fixtures.response(
            http,
            "{\"status\":\"%s\",\"conversation\":\"%s\",\"input\":\"a\",\"output\":[%s]}"
                .formatted(status, conversation, ANSWER));

    assertThat(http.get(items(conversation)).ids()).hasSize(appended);
    assertThat(http.get("/v1/responses/" + id).json().path("status").textValue()).isEqualTo(status);
    assertThat(http.get("/v1/responses/" + id + "/input_items").ids()).hasSize(1);
  }

  @Test
  void aTurnThatIsNotToBeStoredLeavesNothing() {
    String conversation = Fixtures.conversation(http);
    String path = "/v1/responses/" + unique("resp");

    Answer answer =
        stored(
            http.put(
                path,
                "{\"store\":false,\"conversation\":\"%s\",\"input\":\"a\",\"output\":[%s]}"
                    .formatted(conversation, ANSWER)));

    assertThat(answer.json().path("store").booleanValue()).isFalse();
    assertThat(http.get(path).status()).isEqualTo(404);
    assertThat(http.get(items(conversation)).ids()).isEmpty();
  }

  @Test
  void aTurnThatIsRefusedLeavesNothing() {
    String conversation = Fixtures.conversation(http, List.of("a"));
    String known = http.get(items(conversation)).ids().get(0);
    String path = "/v1/responses/" + unique("resp");

    assertThat(
            Refusal.of(
                http.put(
                    path,
                    "{\"conversation\":\"%s\",\"input\":\"b\",\"output\":[{\"type\":\"x\",\"id\":\"%s\"}]}"
                        .formatted(conversation, known))))
        .isEqualTo(
            Refusal.invalid(
                400,
                "input",
                null,
                "Duplicate item found with id %s. Remove duplicate items from your input and try"
                        .formatted(known)
                    + " again."));

    assertThat(http.get(path).status()).isEqualTo(404);
    assertThat(http.get(items(conversation)).ids()).containsExactly(known);
  }

  @Test
  void aReferenceToTheConversationsOwnItemIsInputAndNotAppendedAgain() {
    String conversation = Fixtures.conversation(http, List.of("a"));
    String known = http.get(items(conversation)).ids().get(0);

    String id =
        Fixtures.response(
            http,
            "{\"conversation\":\"%s\",\"input\":[{\"type\":\"item_reference\",\"id\":\"%s\"}],\"output\":[%s]}"
                .formatted(conversation, known, ANSWER));

    assertThat(http.get("/v1/responses/" + id + "/input_items").ids()).containsExactly(known);
    assertThat(http.get(items(conversation)).ids()).hasSize(2).endsWith(known);
  }

  @Test
  void anItemOfAResponseCanBeReferredTo() {
    String item = unique("x");
    String original = "{\"v\":1.0,\"type\":\"x\",\"id\":\"%s\"}".formatted(item);
    Fixtures.response(http, "{\"output\":[%s]}".formatted(original));
    String conversation = Fixtures.conversation(http);

    stored(http.post(items(conversation), "{\"items\":[{\"id\":\"%s\"}]}".formatted(item)));

    assertThat(http.get(items(conversation) + "/" + item).text()).isEqualTo(original);
  }

  @Test
  void sixteenAtOnceRecordOneTurn() {
    String conversation = Fixtures.conversation(http);
    String path = "/v1/responses/" + unique("resp");
    String body =
        "{\"conversation\":\"%s\",\"input\":\"a\",\"output\":[%s]}".formatted(conversation, ANSWER);
    ExecutorService callers = Executors.newFixedThreadPool(16);
    try {
      List<Answer> answers =
          IntStream.range(0, 16)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> http.put(path, body), callers))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();

      assertThat(answers).extracting(Answer::status).containsOnly(200);
      assertThat(answers).extracting(Answer::text).containsOnly(http.get(path).text());
    } finally {
      callers.shutdown();
    }
    assertThat(http.get(items(conversation)).ids()).hasSize(2);
  }

  @Test
  void anotherTurnUnderTheSameIdIsRefused() {
    String id = Fixtures.response(http, "{\"input\":\"a\"}");
    String before = http.get("/v1/responses/" + id).text();

    assertThat(Refusal.of(http.put("/v1/responses/" + id, "{\"input\":\"b\",\"output\":[]}")))
        .isEqualTo(
            Refusal.invalid(
                400,
                "id",
                "response_already_recorded",
                "Response with id '%s' is recorded already, with another body.".formatted(id)));
    assertThat(http.get("/v1/responses/" + id).text()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"conversation\":\"c\",\"previous_response_id\":\"r\"}|400||mutually_exclusive_parameters"
            + "|Mutually exclusive parameters: ''. Ensure you are only providing one of:"
            + " 'previous_response_id' or 'conversation'.",
        "{\"conversation\":\"conv_none\",\"output\":[]}|404|||Conversation with id 'conv_none' not found.",
        "{\"conversation\":{}}|400|conversation.id|missing_required_parameter"
            + "|Missing required parameter: 'conversation.id'.",
        "{\"conversation\":{\"id\":\"a\",\"id\":\"b\"}}|400|conversation.id|invalid_value"
            + "|Invalid 'conversation.id': the member comes twice.",
        "{\"conversation\":7}|400|conversation|invalid_type|Invalid type for 'conversation':"
            + " expected a string or an object, but got an integer instead.",
        "{\"id\":\"other\"}|400|id|invalid_value|Invalid 'id': expected the id of the path, 'path'.",
        "{\"object\":\"chat.completion\"}|400|object|invalid_value"
            + "|Invalid value: 'chat.completion'. Supported values are: 'response'.",
        "{\"status\":\"in_progress\"}|400|status|invalid_value|Invalid value: 'in_progress'."
            + " Supported values are: 'completed', 'incomplete', 'failed', and 'cancelled'.",
        "{\"created_at\":-1}|400|created_at|invalid_value"
            + "|Invalid 'created_at': expected seconds since 1970, up to the year 9999.",
        "{\"created_at\":\"now\"}|400|created_at|invalid_type"
            + "|Invalid type for 'created_at': expected a number, but got a string instead.",
        "{\"input\":7}|400|input|invalid_type|Invalid type for 'input': expected a string or an"
            + " array, but got an integer instead.",
        "{\"input\":\"a\",\"input\":\"b\"}|400|input|invalid_value"
            + "|Invalid 'input': the member comes twice.",
        "{\"input\":[{\"id\":\"nowhere\"}],\"output\":[]}|404|input||Item with id 'nowhere' not found.",
        "{\"output\":[{\"a\":1}]}|400|output[0].type|missing_required_parameter"
            + "|Missing required parameter: 'output[0].type'.",
        "{\"output\":[{\"type\":\"x\",\"id\":\"i\"},{\"type\":\"x\",\"id\":\"i\"}]}|400|input||Duplicate"
            + " item found with id i. Remove duplicate items from your input and try again.",
        "{}|400|output|missing_required_parameter|Missing required parameter: 'output'.",
        "{\"input\":\"a\",\"output\":null}|400|output|missing_required_parameter"
            + "|Missing required parameter: 'output'.",
        "{\"store\":\"no\"}|400|store|invalid_type"
            + "|Invalid type for 'store': expected a boolean, but got a string instead.",
        "{\"model\":7}|400|model|invalid_type"
            + "|Invalid type for 'model': expected a string, but got an integer instead.",
        "{\"usage\":{\"input_tokens\":-1}}|400|usage.input_tokens|invalid_value"
            + "|Invalid 'usage.input_tokens': expected an integer from 0 to 9223372036854775807.",
        "{\"usage\":{\"input_tokens\":9223372036854775808}}|400|usage.input_tokens|invalid_value"
            + "|Invalid 'usage.input_tokens': expected an integer from 0 to 9223372036854775807.",
        "{\"usage\":{\"output_tokens\":1.5}}|400|usage.output_tokens|invalid_type"
            + "|Invalid type for 'usage.output_tokens': expected an integer, but got a decimal"
            + " number instead.",
        "{\"metadata\":{\"a\":1}}|400|metadata.a|invalid_type"
            + "|Invalid type for 'metadata.a': expected a string, but got an integer instead."
      })
  void aFaultInATurnIsNamedByItsPlace(
      String body, int status, String param, String code, String message) {
    String id = unique("resp");

    Refusal refusal = Refusal.of(http.put("/v1/responses/" + id, body));

    assertThat(refusal)
        .isEqualTo(Refusal.invalid(status, param, code, message.replace("'path'", "'" + id + "'")));
    assertThat(http.get("/v1/responses/" + id).status()).isEqualTo(404);
  }

  @Test
  void theLargestTokenCountIsAccepted() {
    String id = Fixtures.response(http, "{\"usage\":{\"input_tokens\":9223372036854775807}}");

    assertThat(http.get("/v1/responses/" + id).text()).contains(":9223372036854775807}");
  }

  @Test
  void aDeletedResponseIsNotFoundAnyMoreAndItsConversationKeepsItsItems() {
    String conversation = Fixtures.conversation(http);
    String id =
        Fixtures.response(
            http, "{\"conversation\":\"%s\",\"input\":\"a\"}".formatted(conversation));
    String path = "/v1/responses/" + id;

    assertThat(stored(http.delete(path)).text())
        .isEqualTo(
            "{\"id\":\"%s\",\"object\":\"response.deleted\",\"deleted\":true}".formatted(id));

    Refusal gone =
        Refusal.invalid(404, null, null, "Response with id '%s' not found.".formatted(id));
    assertThat(Refusal.of(http.get(path))).isEqualTo(gone);
    assertThat(Refusal.of(http.delete(path))).isEqualTo(gone);
    assertThat(Refusal.of(http.get(path + "/input_items"))).isEqualTo(gone);
    assertThat(Refusal.of(http.get(path + "/chain"))).isEqualTo(gone);
    assertThat(Refusal.of(http.post(path + "/feedback", "{\"rating\":\"positive\"}")))
        .isEqualTo(gone);
    assertThat(http.get(items(conversation)).ids()).hasSize(1);
  }

  @Test
  void aResponseOutlivesItsConversation() {
    String conversation = Fixtures.conversation(http);
    String id =
        Fixtures.response(
            http, "{\"conversation\":\"%s\",\"input\":\"a\"}".formatted(conversation));

    stored(http.delete("/v1/conversations/" + conversation));

    assertThat(http.get("/v1/responses/" + id).json().at("/conversation/id").textValue())
        .isEqualTo(conversation);
    assertThat(http.get("/v1/responses/" + id + "/input_items").ids()).hasSize(1);
  }

  @Test
  void aFinishedResponseIsNotStreamed() {
    String id = Fixtures.response(http, "{}");

    assertThat(http.get("/v1/responses/" + id + "?stream=false").status()).isEqualTo(200);
    assertThat(Refusal.of(http.get("/v1/responses/" + id + "?stream=true")))
        .isEqualTo(
            Refusal.invalid(
                400,
                "stream",
                null,
                "This response cannot be streamed because it was not created with"
                    + " background=true."));
  }

  @Test
  void aChainIsReadOldestFirst() {
    String first = Fixtures.response(http, "{\"previous_response_id\":\"never_stored\"}");
    String second = Fixtures.response(http, "{\"previous_response_id\":\"%s\"}".formatted(first));
    String third = Fixtures.response(http, "{\"previous_response_id\":\"%s\"}".formatted(second));

    Answer whole = http.get("/v1/responses/" + third + "/chain");
    Answer part = http.get("/v1/responses/" + third + "/chain?limit=2");

    assertThat(whole.ids()).containsExactly(first, second, third);
    assertThat(whole.json().path("has_more").booleanValue()).isFalse();
    assertThat(part.ids()).containsExactly(second, third);
    assertThat(part.json().path("has_more").booleanValue()).isTrue();
    assertThat(Refusal.of(http.get("/v1/responses/" + third + "/chain?order=asc")).code())
        .isEqualTo("unknown_parameter");
  }

  @Test
  void aChainThatLeadsBackIntoItselfIsRefused() {
    String one = unique("resp");
    String two = Fixtures.response(http, "{\"previous_response_id\":\"%s\"}".formatted(one));
    stored(
        http.put(
            "/v1/responses/" + one,
            "{\"previous_response_id\":\"%s\",\"output\":[]}".formatted(two)));

    assertThat(Refusal.of(http.get("/v1/responses/" + one + "/chain")))
        .isEqualTo(
            Refusal.invalid(
                400,
                "previous_response_id",
                "response_chain_cycle",
                "The chain of response '%s' leads back into itself.".formatted(one)));
  }

  @Test
  void theListIsFilteredByEverythingGiven() {
    String model = unique("model");
    String conversation = Fixtures.conversation(http);
    String plain =
        Fixtures.response(http, "{\"model\":\"%s\",\"created_at\":1000}".formatted(model));
    String full =
        Fixtures.response(
            http,
            ("{\"model\":\"%s\",\"created_at\":2000.75,\"status\":\"failed\",\"conversation\":\"%s\","
                    + "\"user\":\"u & v\",\"safety_identifier\":\"s\",\"metadata\":{\"k\":\"v\"}}")
                .formatted(model, conversation));
    String list = "/v1/responses?model=" + model;

    assertThat(http.get(list).ids()).containsExactly(full, plain);
    assertThat(http.get(list + "&order=asc").ids()).containsExactly(plain, full);
    for (String filter :
        List.of(
            "status=failed",
            "conversation=" + conversation,
            "user=u%20%26%20v",
            "user=u+%26+v",
            "safety_identifier=s",
            "metadata[k]=v",
            "created_after=1000",
            "created_after=1999&created_before=2001",
            "status=failed&user=u%20%26%20v&metadata%5Bk%5D=v")) {
      assertThat(http.get(list + "&" + filter).ids()).as(filter).containsExactly(full);
    }
    for (String filter :
        List.of("status=completed", "created_before=2000", "created_after=999&limit=1&order=asc")) {
      assertThat(http.get(list + "&" + filter).ids()).as(filter).containsExactly(plain);
    }
    for (String filter :
        List.of(
            "status=cancelled",
            "created_after=2000",
            "metadata[k]=w",
            "user=u",
            "conversation=c")) {
      assertThat(http.get(list + "&" + filter).ids()).as(filter).isEmpty();
    }
  }

  @Test
  void theListIsPagedInBothDirections() {
    String model = unique("model");
    List<String> ids =
        IntStream.range(0, 5)
            .mapToObj(
                i ->
                    Fixtures.response(http, "{\"model\":\"%s\",\"created_at\":7}".formatted(model)))
            .toList();
    String list = "/v1/responses?limit=2&model=" + model;

    assertThat(http.get(list).ids()).containsExactly(ids.get(4), ids.get(3));
    assertThat(http.get(list + "&after=" + ids.get(3)).ids())
        .containsExactly(ids.get(2), ids.get(1));
    assertThat(http.get(list + "&after=" + ids.get(1)).json().path("has_more").booleanValue())
        .isFalse();
    assertThat(http.get(list + "&before=" + ids.get(1)).ids())
        .containsExactly(ids.get(3), ids.get(2));
    assertThat(Refusal.of(http.get(list + "&before=nowhere")))
        .isEqualTo(Refusal.invalid(404, "before", null, "No response found with id 'nowhere'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "status=queued|status|invalid_value|Invalid value: 'queued'. Supported values"
            + " are: 'completed', 'incomplete', 'failed', 'cancelled', and 'in_progress'.",
        "models=x|models|unknown_parameter|Unknown parameter: 'models'.",
        "include[]=x|include[]|unknown_parameter|Unknown parameter: 'include[]'."
      })
  void aFaultInTheListsQueryIsNamed(String query, String param, String code, String message) {
    assertThat(Refusal.of(http.get("/v1/responses?" + query)))
        .isEqualTo(Refusal.invalid(400, param, code, message));
  }

  @Test
  void anIdOfAnyMakeCanBeRecordedAndRead() {
    String id = unique("x") + "%20%3B%3F%25%E4%BD%A0";

    stored(http.put("/v1/responses/" + id, "{\"output\":[]}"));

    assertThat(http.get("/v1/responses/" + id).id()).endsWith(" ;?%\u4f60");
    assertThat(Refusal.of(http.put("/v1/responses/" + "r".repeat(256), "{\"output\":[]}")).code())
        .isEqualTo("string_above_max_length");
  }

  @Test
  void aSemicolonIsPartOfAResponsesId() {
    String id = unique("r");
    stored(http.put("/v1/responses/" + id + ";v=1", Fixtures.answered("{}")));

    assertThat(http.get("/v1/responses/" + id + ";v=1").id()).isEqualTo(id + ";v=1");
    assertThat(http.get("/v1/responses/" + id + "%3Bv=1").id()).isEqualTo(id + ";v=1");
    assertThat(http.get("/v1/responses/" + id + ";v=1/input_items").status()).isEqualTo(200);
    assertThat(http.get("/v1/responses/" + id).status()).isEqualTo(404);
    assertThat(http.delete("/v1/responses/" + id + ";v=2").status()).isEqualTo(404);
    stored(http.delete("/v1/responses/" + id + ";v=1"));
  }

  /**
   * Alone, and between letters, every character is tried that is not refused when it is written.
   */
  @Test
  void everyIdThatIsAcceptedCanBeReadAndDeleted() {
    List<String> ids = new ArrayList<>(List.of("a..b", "..a", "a...", "%2F", "%", "a;b=c;d"));
    Stream.of("\u0085", "\u2028", "\ufeff", "\uffff", "\ud83d\ude00", "e\u0301").forEach(ids::add);
    for (char c = ' '; c < 0x7F; c++) {
      if ("/\\#:".indexOf(c) < 0) {
        ids.add("a" + c + "b");
        if (c != '.' && c != ';') {
          ids.add(Character.toString(c));
        }
      }
    }

    for (String id : ids) {
      String path = "/v1/responses/" + encoded(id);
      assertThat(stored(http.put(path, Fixtures.answered("{}"))).id()).isEqualTo(id);
      assertThat(stored(http.get(path)).id()).isEqualTo(id);
      stored(http.get(path + "/input_items"));
      assertThat(stored(http.delete(path)).id()).isEqualTo(id);
    }
  }

  /** As {@code encodeURIComponent} does it: letters, digits and few marks stay. */
  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static List<String> reversed(List<String> list) {
    List<String> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }
}
