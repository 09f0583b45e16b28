package org.smg.history.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.json.TurnDraft;
import org.smg.history.model.Caller;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemReference;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;
import org.smg.history.model.Turn;

class RecordedTurnTest {

  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123456Z");
  private static final String COMPLETE =
      "\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":7,\"status\":\"completed\","
          + "\"output\":[]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"input\":\"hi\",%s}               | {%s}",
        "{ \"input\" : [ ] , %s }            | { %s }",
        "{%s,\"input\":\"hi\"}               | {%s}",
        "{%s , \"input\" : \"hi\" }          | {%s }",
        "{%s,\"input\":\"hi\",\"z\":1}       | {%s,\"z\":1}",
        "{%s,\"inpu\\u0074\":\"hi\",\"z\":1} | {%s,\"z\":1}",
        "{%s}                                | {%s}",
        "{%s,\"é漢😀\\ud800\":\"😀\",\"input\":\"\\udc00é😀\",\"z\":\"\\ud83d\"} | {%s,\"é漢😀\\ud800\":\"😀\",\"z\":\"\\ud83d\"}",
      })
  void theInputIsCutOutWhereverItStands(String body, String stored) {
    assertThat(read(body.formatted(COMPLETE)).response().json())
        .hasToString(stored.formatted(COMPLETE));
  }

  @Test
  void nothingButTheStatusStillMakesAResponse() {
    assertThat(read("{\"input\":\"hi\",\"status\":\"failed\"}").response().json())
        .hasToString(
            "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1795341600,"
                + "\"output\":[],\"status\":\"failed\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "{\"input\":\"hi\"}", "{\"status\":\"completed\",\"output\":null}"})
  void aCompletedTurnWithoutOutputIsRefused(String body) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class,
            invalid -> {
              assertThat(invalid.param()).isEqualTo("output");
              assertThat(invalid.code()).isEqualTo("missing_required_parameter");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"failed", "cancelled", "incomplete"})
  void outputThatIsMissingIsStoredAsAnEmptyArray(String status) {
    assertThat(read("{\"status\":\"%s\",\"output\":null}".formatted(status)).response().json())
        .hasToString(
            "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1795341600,"
                + "\"status\":\"%s\",\"output\":[]}".formatted(status));
  }

  @Test
  void whatIsNullIsFilledInWhereItStands() {
    assertThat(
            read("{\"status\":null,\"x\":[null],\"id\":null,\"object\":null,\"created_at\":null,"
                    + "\"output\":[]}")
                .response()
                .json())
        .hasToString(
            "{\"status\":\"completed\",\"x\":[null],\"id\":\"resp_1\",\"object\":\"response\","
                + "\"created_at\":1795341600,\"output\":[]}");
  }

  @Test
  void aConversationGivenAsAStringBecomesAnObject() {
    StoredResponse response = read("{%s,\"conversation\":\"conv_1\"}").response();

    assertThat(response.json().toString()).endsWith("\"conversation\":{\"id\":\"conv_1\"}}");
    assertThat(response.conversationId()).isEqualTo("conv_1");
  }

  @Test
  void aConversationGivenAsAnObjectStaysAsItIs() {
    StoredResponse response = read("{%s,\"conversation\":{\"x\":1, \"id\":\"conv_1\"}}").response();

    assertThat(response.json().toString())
        .endsWith("\"conversation\":{\"x\":1, \"id\":\"conv_1\"}}");
    assertThat(response.conversationId()).isEqualTo("conv_1");
  }

  @Test
  void whatCanBeFilteredByIsReadOut() {
    StoredResponse response =
        read("""
                {"created_at":1741900000.5,"completed_at":1741900002,"status":"incomplete",
                 "model":"m","previous_response_id":"resp_0","safety_identifier":"s","user":"u",
                 "usage":{"input_tokens":1,"input_tokens_details":{"x":{},"cached_tokens":2},
                          "output_tokens":3,"output_tokens_details":{"reasoning_tokens":4},
                          "total_tokens":5,"more":[]},
                 "metadata":{"k":"v"}}""")
            .response();

    assertThat(response.createdAt()).isEqualTo(Instant.parse("2025-03-13T21:06:40.500Z"));
    assertThat(response.completedAt()).isEqualTo(Instant.parse("2025-03-13T21:06:42Z"));
    assertThat(response.recordedAt()).isEqualTo(NOW);
    assertThat(response.status()).isEqualTo(ResponseStatus.INCOMPLETE);
    assertThat(response.model()).isEqualTo("m");
    assertThat(response.previousResponseId()).isEqualTo("resp_0");
    assertThat(response.safetyIdentifier()).isEqualTo("s");
    assertThat(response.user()).isEqualTo("u");
    assertThat(response.usage()).isEqualTo(new TokenUsage(1L, 2L, 3L, 4L, 5L));
    assertThat(response.metadata().entries()).containsExactly(Map.entry("k", "v"));
  }

  @Test
  void inputIsCompletedAndOutputIsNot() {
    Turn turn =
        read(
            """
            {"output":[{"type":"message","content":"as it is"},{"type":"x","id":"x_1"}],
             "input":[{"role":"user","content":"q"},{"id":"rs_9"}]}""");

    assertThat(turn.input().get(0).id()).startsWith("msg_");
    assertThat(turn.input().get(1)).isEqualTo(new ItemReference("rs_9"));
    Item answer = turn.output().get(0);
    assertThat(answer.json())
        .hasToString("{\"id\":\"%s\",\"type\":\"message\",\"content\":\"as it is\"}", answer.id());
    assertThat(turn.output().get(1).json()).hasToString("{\"type\":\"x\",\"id\":\"x_1\"}");
    assertThat(turn.response().json().toString())
        .as("the response shows its output under the same ids")
        .contains("\"output\":[" + answer.json() + ",{\"type\":\"x\",\"id\":\"x_1\"}]");
  }

  @Test
  void theSameBytesHaveTheSameFingerprintAndOthersDoNot() {
    assertThat(fingerprint("{\"input\":\"a\",%s}")).isEqualTo(fingerprint("{\"input\":\"a\",%s}"));
    assertThat(fingerprint("{\"input\":\"a\",%s}"))
        .isNotEqualTo(fingerprint("{\"input\":\"b\",%s}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"id\":\"resp_2\"}                   | id | invalid_value",
        "{\"object\":\"list\"}                 | object | invalid_value",
        "{\"status\":\"queued\"}               | status | invalid_value",
        "{\"created_at\":\"now\"}              | created_at | invalid_type",
        "{\"created_at\":1e400}                | created_at | invalid_value",
        "{\"created_at\":-1}                   | created_at | invalid_value",
        "{\"output\":{}}                       | output | invalid_type",
        "{\"output\":[{}]}                     | output[0].type | missing_required_parameter",
        "{\"output\":[1]}                      | output[0] | invalid_type",
        "{\"input\":1}                         | input | invalid_type",
        "{\"input\":[{}]}                      | input[0].type | missing_required_parameter",
        "{\"usage\":{\"input_tokens\":\"3\"}}  | usage.input_tokens | invalid_type",
        "{\"usage\":{\"input_tokens\":-3}}     | usage.input_tokens | invalid_value",
        "{\"usage\":{\"total_tokens\":99999999999999999999}} | usage.total_tokens | invalid_value",
        "{\"conversation\":7}                  | conversation | invalid_type",
        "{\"conversation\":{}}                 | conversation.id | missing_required_parameter",
        "{\"conversation\":\"\"}               | conversation | invalid_value",
        "{\"previous_response_id\":[]}         | previous_response_id | invalid_type",
        "{\"store\":\"no\"}                    | store | invalid_type",
        "{\"metadata\":[]}                     | metadata | invalid_type",
        "{\"model\":\"a\\u0000\"}              | model | invalid_value",
        "{\"user\":\"\\ud800\"}                | user | invalid_value",
        "{\"id\":\"resp_1\",\"id\":\"resp_1\"} | id | invalid_value",
        "{\"input\":\"a\",\"input\":\"b\"}     | input | invalid_value",
        "{} {}                                 | | invalid_json",
      })
  void whatIsWrongIsNamed(String body, String param, String code) {
    assertThatThrownBy(() -> read(body))
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class,
            invalid -> {
              assertThat(invalid.param()).isEqualTo(param);
              assertThat(invalid.code()).isEqualTo(code);
            });
  }

  @Test
  void aConversationAndAPredecessorExcludeEachOther() {
    assertThatThrownBy(
            () -> read("{\"conversation\":\"conv_1\",\"previous_response_id\":\"resp_0\"}"))
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class,
            invalid -> assertThat(invalid.code()).isEqualTo("mutually_exclusive_parameters"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyOrderAndSpacingKeepsEverythingElse(long seed) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      List<String> members =
          new ArrayList<>(
              List.of(
                  "\"input\":[{\"role\":\"user\",\"content\":\"\\\"é,}]\"},{\"id\":\"x\"}]",
                  "\"conversation\":\"c\"",
                  "\"output\":[{\"type\":\"message\",\"content\":[]},{\"type\":\"y\",\"id\":null}]",
                  "\"created_at\":null",
                  "\"completed_at\":null",
                  "\"metadata\":{\"a\":\"b\"}",
                  "\"other\":{\"input\":[1,2,{}]}"));
      Collections.shuffle(members, random);
      members = members.subList(0, random.nextInt(members.size() + 1));
      members.add(random.nextInt(members.size() + 1), "\"status\":\"failed\"");
      String space = " ".repeat(random.nextInt(3));
      String body = space + "{" + space + String.join(space + "," + space, members) + space + "}";

      StoredResponse stored = read(body + space).response();

      ObjectNode expected = (ObjectNode) mapper.readTree(body);
      expected.remove("input");
      ObjectNode actual = (ObjectNode) mapper.readTree(stored.json().toString());
      assertThat(actual.get("id").asText()).isEqualTo("resp_1");
      assertThat(actual.get("object").asText()).isEqualTo("response");
      assertThat(actual.get("created_at").asLong()).isEqualTo(NOW.getEpochSecond());
      assertThat(actual.get("status").asText()).isEqualTo("failed");
      assertThat(actual.path("metadata")).isEqualTo(expected.path("metadata"));
      assertThat(actual.path("other")).isEqualTo(expected.path("other"));
      assertThat(actual.get("output").isArray()).isTrue();
      assertThat(actual.path("output").size()).isEqualTo(expected.path("output").size());
      assertThat(actual.has("input")).isFalse();
    }
  }

  private static String fingerprint(String body) {
    return read(body).response().fingerprint();
  }

  private static Turn read(String body) {
    HistoryClock clock = new HistoryClock(Clock.fixed(NOW, ZoneOffset.UTC));
    byte[] sent = body.replace("%s", COMPLETE).getBytes(UTF_8);
    return new Completion(clock, new Ids(new HistoryClock()))
        .turn(
            new Caller("default", null, false, null),
            "resp_1",
            TurnDraft.of(sent, Limits.ITEMS_PER_TURN));
  }
}
