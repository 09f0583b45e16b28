package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;
import static org.smg.history.wartests.TestBackend.REDIS;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Items as clients send them, and how they are completed, identified and listed. */
@OnLiberty
@ServedBy({MEMORY, POSTGRES, REDIS})
class ItemsIT {

  private static final String INCLUDES =
      "'file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources',"
          + " 'message.input_image.image_url', 'computer_call_output.output.image_url',"
          + " 'code_interpreter_call.outputs', 'reasoning.encrypted_content', and"
          + " 'message.output_text.logprobs'";

  private final Http http;

  ItemsIT(ApplicationServer server) {
    http = server.http();
  }

  @Test
  void theTextOfAUserBecomesAPartWithAnIdAStatusAndAType() {
    JsonNode item = appended("{\"role\":\"user\",\"content\":\"hi\"}");

    assertThat(item.path("id").textValue()).matches("msg_[0-9a-f]{32}");
    assertThat(item.path("type").textValue()).isEqualTo("message");
    assertThat(item.path("status").textValue()).isEqualTo("completed");
    assertThat(item.path("content").toString())
        .isEqualTo("[{\"type\":\"input_text\",\"text\":\"hi\"}]");
  }

  @Test
  void theTextOfAnAssistantBecomesOutput() {
    JsonNode item = appended("{\"role\":\"assistant\",\"content\":\"hi\"}");

    assertThat(item.path("content").toString())
        .isEqualTo(
            "[{\"type\":\"output_text\",\"text\":\"hi\",\"annotations\":[],\"logprobs\":[]}]");
  }

  @Test
  void outputTextShowsItsListsAndAnImageItsDetail() {
    JsonNode item =
        appended(
            "{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\","
                + "\"logprobs\":null},{\"type\":\"input_image\",\"file_id\":\"f\"}]}");

    assertThat(item.at("/content/0/annotations").toString()).isEqualTo("[]");
    assertThat(item.at("/content/0/logprobs").toString()).isEqualTo("[]");
    assertThat(item.at("/content/1/detail").textValue()).isEqualTo("auto");
  }

  @Test
  void aNullCountsAsAbsent() {
    JsonNode item =
        appended(
            "{\"id\":null,\"type\":null,\"status\":null,\"phase\":null,\"role\":\"user\","
                + "\"content\":\"hi\"}");

    assertThat(item.path("id").textValue()).startsWith("msg_");
    assertThat(item.path("type").textValue()).isEqualTo("message");
    assertThat(item.path("status").textValue()).isEqualTo("completed");
    assertThat(item.fieldNames())
        .toIterable()
        .containsExactly("id", "type", "status", "phase", "role", "content");
  }

  @ParameterizedTest
  @CsvSource({
    "function_call,fc,true",
    "function_call_output,fc,true",
    "reasoning,rs,false",
    "mcp_call,mcp,false",
    "mcp_list_tools,mcpl,false",
    "mcp_approval_request,mcpr,false",
    "web_search_call,ws,true",
    "custom_tool_call,ctc,true",
    "compaction,cmp,false",
    "slug:own_type,item,false"
  })
  void anItemOfAnyTypeGetsAnIdAndItsTypesStatus(String type, String prefix, boolean hasStatus) {
    JsonNode item = appended("{\"type\":\"%s\",\"anything\":[1]}".formatted(type));

    assertThat(item.path("id").textValue()).matches(prefix + "_[0-9a-f]{32}");
    assertThat(item.has("status")).isEqualTo(hasStatus);
    assertThat(item.path("anything").toString()).isEqualTo("[1]");
  }

  @Test
  void anIdOfAnotherMakeIsKept() {
    String id = unique("chatcmpl-tool, with space, \u00fc & \u4f60");

    JsonNode item = appended("{\"type\":\"function_call\",\"id\":\"%s\"}".formatted(id));

    assertThat(item.path("id").textValue()).isEqualTo(id);
  }

  /** {@code openai-python} and {@code openai-node} send a semicolon as it is. */
  @Test
  void aSemicolonIsPartOfAnId() {
    String conversation = Fixtures.conversation(http);
    String id = unique("x");
    String longer = id + ";def";
    stored(
        http.post(
            items(conversation),
            "{\"items\":[{\"type\":\"x\",\"id\":\"%s\"},{\"type\":\"x\",\"id\":\"%s\"}]}"
                .formatted(id, longer)));

    assertThat(http.get(items(conversation) + "/" + longer).id()).isEqualTo(longer);
    assertThat(http.get(items(conversation) + "/" + id + "%3Bdef").id()).isEqualTo(longer);
    assertThat(http.get(items(conversation + ";x")).status()).isEqualTo(404);
    assertThat(http.delete(items(conversation) + "/" + id + ";other").status()).isEqualTo(404);
    assertThat(http.get(items(conversation)).ids()).containsExactly(longer, id);
    stored(http.delete(items(conversation) + "/" + longer));
    assertThat(http.get(items(conversation)).ids()).containsExactly(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "a/b",
        "\\\\",
        "a\\\\b",
        "#",
        "a#b",
        ":",
        "a:b",
        ".",
        "..",
        "...",
        ";",
        ";a",
        ".;",
        "..;a",
        "a\\u007fb",
        "a;jsessionid=1"
      })
  void anIdThatNoUrlCouldNameIsRefused(String id) {
    String conversation = Fixtures.conversation(http);
    String item = "{\"type\":\"x\",\"id\":\"%s\"}".formatted(id);

    assertThat(Refusal.of(http.post(items(conversation), "{\"items\":[%s]}".formatted(item))))
        .isEqualTo(unreachable("items[0].id"));
    assertThat(Refusal.of(http.post("/v1/conversations", "{\"items\":[%s]}".formatted(item))))
        .isEqualTo(unreachable("items[0].id"));
    // A model server's ids are no better.
    assertThat(
            Refusal.of(
                http.put("/v1/responses/" + unique("r"), "{\"output\":[%s]}".formatted(item))))
        .isEqualTo(unreachable("output[0].id"));
    assertThat(
            Refusal.of(
                http.put(
                    "/v1/responses/" + unique("r"),
                    "{\"output\":[],\"input\":[%s]}".formatted(item))))
        .isEqualTo(unreachable("input[0].id"));
    assertThat(http.get(items(conversation)).ids()).isEmpty();
  }

  private static Refusal unreachable(String param) {
    return Refusal.invalid(
        400,
        param,
        "invalid_value",
        "Invalid '%s': no URL could name this id. An id cannot contain '/', '\\', '#', ':',"
                .formatted(param)
            + " U+007F or ';jsessionid=', and cannot begin with ';' or consist of dots, alone or before a ';'.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{}]|items[0].type|missing_required_parameter|Missing required parameter: 'items[0].type'.",
        "[{\"id\":\"x\",\"more\":1}]|items[0].type|missing_required_parameter"
            + "|Missing required parameter: 'items[0].type'.",
        "[{\"type\":\"message\",\"content\":\"a\"}]|items[0].role|missing_required_parameter"
            + "|Missing required parameter: 'items[0].role'.",
        "[{\"role\":\"user\"}]|items[0].content|missing_required_parameter"
            + "|Missing required parameter: 'items[0].content'.",
        "[{\"role\":\"bogus\",\"content\":\"a\"}]|items[0].role|invalid_value"
            + "|Invalid value: 'bogus'. Supported values are: 'assistant', 'system', 'developer',"
            + " and 'user'.",
        "[{\"role\":\"user\",\"content\":7}]|items[0].content|invalid_type"
            + "|Invalid type for 'items[0].content': expected a string or an array, but got an"
            + " integer instead.",
        "[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}]|items[0].content[0].type"
            + "|missing_required_parameter|Missing required parameter: 'items[0].content[0].type'.",
        "[{\"role\":\"user\",\"content\":\"a\"},null]|items[1]|invalid_type"
            + "|Invalid type for 'items[1]': expected an object, but got null instead.",
        "[{\"type\":\"item_reference\"}]|items[0].id|missing_required_parameter"
            + "|Missing required parameter: 'items[0].id'.",
        "[{\"type\":\"x\",\"id\":\"\"}]|items[0].id|invalid_value"
            + "|Invalid 'items[0].id': an id cannot be empty.",
        "[{\"type\":\"x\",\"id\":\"a\\nb\"}]|items[0].id|invalid_value"
            + "|Invalid 'items[0].id': control characters are not allowed.",
        "{}|items|invalid_type"
            + "|Invalid type for 'items': expected an array, but got an object instead.",
        "null|items|missing_required_parameter|Missing required parameter: 'items'.",
        "[]|items|empty_array|Invalid 'items': empty array. Expected an array with minimum length"
            + " 1, but got an empty array instead."
      })
  void aFaultInAnItemIsNamedByItsPlace(String items, String param, String code, String message) {
    String conversation = Fixtures.conversation(http);

    assertThat(Refusal.of(http.post(items(conversation), "{\"items\":%s}".formatted(items))))
        .isEqualTo(Refusal.invalid(400, param, code, message));
    assertThat(http.get(items(conversation)).ids()).isEmpty();
  }

  @Test
  void anIdOfTwoHundredFiftyFiveCharactersIsTheLongest() {
    String longest = (unique("x") + "y".repeat(255)).substring(0, 255);

    appended("{\"type\":\"x\",\"id\":\"%s\"}".formatted(longest));
    Refusal refusal =
        Refusal.of(
            http.post(
                items(Fixtures.conversation(http)),
                "{\"items\":[{\"type\":\"x\",\"id\":\"%s\"}]}".formatted(longest + "z")));

    assertThat(refusal)
        .isEqualTo(
            Refusal.invalid(
                400,
                "items[0].id",
                "string_above_max_length",
                "Invalid 'items[0].id': string too long. Expected a string with maximum length 255,"
                    + " but got a string with length 256 instead."));
  }

  @Test
  void twentyItemsAreAppendedInTheirOrderAndTwentyOneRefused() {
    String conversation = Fixtures.conversation(http);
    List<String> texts = IntStream.range(0, 20).mapToObj(i -> "t" + i).toList();
    String twenty = Fixtures.messages(texts);

    Answer appended = stored(http.post(items(conversation), "{\"items\":[%s]}".formatted(twenty)));
    Answer refused =
        http.post(items(conversation), "{\"items\":[%s,%s]}".formatted(twenty, twenty));

    assertThat(appended.json().path("data").findValuesAsText("text")).isEqualTo(texts);
    assertThat(appended.json().path("has_more").booleanValue()).isFalse();
    assertThat(Refusal.of(refused))
        .isEqualTo(
            Refusal.invalid(
                400,
                "items",
                "array_above_max_length",
                "Invalid 'items': array too long. Expected an array with maximum length 20,"
                    + " but got an array with length 40 instead."));
    assertThat(http.get(items(conversation) + "?order=asc").ids()).isEqualTo(appended.ids());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"item_reference\",\"id\":\"%s\"}",
        "{\"type\":null,\"id\":\"%s\"}",
        "{\"id\":\"%s\"}"
      })
  void aReferenceBringsTheStoredContentAlong(String linking) {
    String id = unique("msg");
    String original = "{\"id\":\"%s\",\"type\":\"x\",\"v\":1.0}".formatted(id);
    stored(http.post(items(Fixtures.conversation(http)), "{\"items\":[%s]}".formatted(original)));
    String other = Fixtures.conversation(http);

    stored(http.post(items(other), "{\"items\":[%s]}".formatted(linking.formatted(id))));

    assertThat(http.get(items(other) + "/" + id).text()).isEqualTo(original);
  }

  @Test
  void anIdThatWasMadeHereBringsTheStoredContentAlong() {
    Answer made =
        stored(http.post(items(Fixtures.conversation(http)), "{\"items\":[{\"type\":\"x\"}]}"));
    String id = made.ids().get(0);
    String other = Fixtures.conversation(http);

    stored(
        http.post(
            items(other),
            "{\"items\":[{\"type\":\"other\",\"id\":\"%s\",\"v\":\"ignored\"}]}".formatted(id)));

    assertThat(http.get(items(other) + "/" + id).text())
        .isEqualTo("{\"id\":\"%s\",\"type\":\"x\"}".formatted(id));
  }

  @Test
  void contentUnderAnyOtherIdIsStoredAsItWasSent() {
    String id = unique("msg");
    String first = "{\"id\":\"%s\",\"type\":\"x\",\"v\":1.0}".formatted(id);
    String second = "{\"id\":\"%s\",\"type\":\"x\",\"v\":2.0}".formatted(id);
    String one = Fixtures.conversation(http);
    String other = Fixtures.conversation(http);

    stored(http.post(items(one), "{\"items\":[%s]}".formatted(first)));
    stored(http.post(items(other), "{\"items\":[%s]}".formatted(second)));

    assertThat(http.get(items(one) + "/" + id).text()).isEqualTo(first);
    assertThat(http.get(items(other) + "/" + id).text()).isEqualTo(second);
  }

  @Test
  void aReferenceToNothingIsRefusedWithTheWholeBatch() {
    String conversation = Fixtures.conversation(http);
    String beside = unique("x");

    Refusal refusal =
        Refusal.of(
            http.post(
                items(conversation),
                "{\"items\":[{\"type\":\"x\",\"id\":\"%s\"},{\"id\":\"nowhere\"}]}"
                    .formatted(beside)));

    assertThat(refusal.status()).isEqualTo(404);
    assertThat(refusal.param()).isEqualTo("items");
    assertThat(refusal.message()).isEqualTo("Item with id 'nowhere' not found.");
    assertThat(http.get(items(conversation)).ids()).isEmpty();
    assertThat(
            http.post(items(conversation), "{\"items\":[{\"id\":\"%s\"}]}".formatted(beside))
                .status())
        .isEqualTo(404);
  }

  @Test
  void aDuplicateIsRefusedWithTheWholeBatch() {
    String conversation = Fixtures.conversation(http);
    String known = unique("x");
    stored(
        http.post(
            items(conversation), "{\"items\":[{\"type\":\"x\",\"id\":\"%s\"}]}".formatted(known)));
    Refusal expected =
        Refusal.invalid(
            400, "items", "item_already_in_conversation", "Item already in conversation");

    for (String batch :
        List.of(
            "{\"type\":\"x\"},{\"type\":\"x\",\"id\":\"%s\"}".formatted(known),
            "{\"type\":\"x\"},{\"id\":\"%s\"}".formatted(known),
            "{\"type\":\"x\",\"id\":\"n\"},{\"type\":\"x\",\"id\":\"n\"}")) {
      assertThat(Refusal.of(http.post(items(conversation), "{\"items\":[%s]}".formatted(batch))))
          .isEqualTo(expected);
    }

    assertThat(http.get(items(conversation)).ids()).containsExactly(known);
  }

  @Test
  void everyPageIsExactInBothDirections() {
    String conversation = Fixtures.conversation(http);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.addAll(
          stored(
                  http.post(
                      items(conversation),
                      "{\"items\":[%s]}".formatted(Fixtures.messages(List.of("a", "b", "c")))))
              .ids());
    }

    assertThat(pages(conversation, "asc", 2)).isEqualTo(all);
    assertThat(pages(conversation, "asc", 3)).isEqualTo(all);
    assertThat(pages(conversation, "asc", 100)).isEqualTo(all);
    Collections.reverse(all);
    assertThat(pages(conversation, "desc", 2)).isEqualTo(all);
    assertThat(pages(conversation, "desc", 9)).isEqualTo(all);
    assertThat(http.get(items(conversation)).ids()).isEqualTo(all);
  }

  @Test
  void aPageEndsBeforeAnItemWhereThatIsAskedFor() {
    String conversation = Fixtures.conversation(http, List.of("a", "b", "c", "d"));
    List<String> ids = http.get(items(conversation) + "?order=asc").ids();
    String list = items(conversation) + "?order=asc&limit=2&before=";

    Answer last = http.get(list + ids.get(3));
    Answer first = http.get(list + ids.get(1));

    assertThat(last.ids()).isEqualTo(ids.subList(1, 3));
    assertThat(last.json().path("has_more").booleanValue()).isTrue();
    assertThat(first.ids()).isEqualTo(ids.subList(0, 1));
    assertThat(first.json().path("has_more").booleanValue()).isFalse();
    assertThat(http.get(items(conversation) + "?before=" + ids.get(1)).ids())
        .containsExactly(ids.get(3), ids.get(2));
    assertThat(Refusal.of(http.get(list + "nowhere")))
        .isEqualTo(Refusal.invalid(404, "before", null, "No item found with id 'nowhere'"));
  }

  @Test
  void aPageHasTwentyItemsUnlessAskedOtherwise() {
    String conversation =
        Fixtures.conversation(http, IntStream.range(0, 20).mapToObj(i -> "t").toList());
    assertThat(http.get(items(conversation)).json().path("has_more").booleanValue()).isFalse();

    stored(
        http.post(
            items(conversation), "{\"items\":[%s]}".formatted(Fixtures.messages(List.of("t")))));

    assertThat(http.get(items(conversation)).ids()).hasSize(20);
    assertThat(http.get(items(conversation)).json().path("has_more").booleanValue()).isTrue();
  }

  @Test
  void anEmptyListHasNullsForItsIds() {
    assertThat(http.get(items(Fixtures.conversation(http))).text())
        .isEqualTo(
            "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=0|limit|integer_below_min_value|Invalid 'limit': integer below minimum value."
            + " Expected a value >= 1, but got 0 instead.",
        "limit=-5|limit|integer_below_min_value|Invalid 'limit': integer below minimum value."
            + " Expected a value >= 1, but got -5 instead.",
        "limit=1000|limit|integer_above_max_value|Invalid 'limit': integer above maximum value."
            + " Expected a value <= 100, but got 1000 instead.",
        "limit=99999999999|limit|integer_above_max_value|Invalid 'limit': integer above maximum"
            + " value. Expected a value <= 100, but got 99999999999 instead.",
        "limit=ten|limit|invalid_type|Invalid type for 'limit': expected an integer, but got a"
            + " string instead.",
        "limit=1.5|limit|invalid_type|Invalid type for 'limit': expected an integer, but got a"
            + " string instead.",
        "limit=%EF%BC%95|limit|invalid_type|Invalid type for 'limit': expected an integer, but got a"
            + " string instead.",
        "limit=%2B5|limit|invalid_type|Invalid type for 'limit': expected an integer, but got a"
            + " string instead.",
        "limit=-|limit|invalid_type|Invalid type for 'limit': expected an integer, but got a"
            + " string instead.",
        "before=nowhere&after=nowhere||mutually_exclusive_parameters|Mutually exclusive parameters:"
            + " give one of 'after' and 'before'.",
        "limit=|limit|invalid_type|Invalid type for 'limit': expected an integer, but got a"
            + " string instead.",
        "order=up|order|invalid_value|Invalid value: 'up'. Supported values are: 'asc' and 'desc'.",
        "order=ASC|order|invalid_value|Invalid value: 'ASC'. Supported values are: 'asc' and"
            + " 'desc'.",
        "include=bogus|include[0]|invalid_value|Invalid value: 'bogus'. Supported values are: "
            + INCLUDES
            + ".",
        "include[]=bogus|include[0]|invalid_value|Invalid value: 'bogus'. Supported values are: "
            + INCLUDES
            + ".",
        "include%5B%5D=reasoning.encrypted_content&include%5B%5D=x|include[1]|invalid_value"
            + "|Invalid value: 'x'. Supported values are: "
            + INCLUDES
            + "."
      })
  void aFaultInTheQueryIsNamed(String query, String param, String code, String message) {
    String conversation = Fixtures.conversation(http);

    assertThat(Refusal.of(http.get(items(conversation) + "?" + query)))
        .isEqualTo(Refusal.invalid(400, param, code, message));
  }

  @Test
  void includesAndParametersOfTomorrowAreAccepted() {
    String target =
        items(Fixtures.conversation(http, List.of("a")))
            + "?include[]=message.output_text.logprobs&include=web_search_call.results"
            + "&include%5B%5D=code_interpreter_call.outputs&beta=true&tomorrow=x";

    assertThat(http.get(target).ids()).hasSize(1);
  }

  @Test
  void aCursorThatIsNotInThisConversationIsRefused() {
    String conversation = Fixtures.conversation(http, List.of("a", "b"));
    List<String> ids = http.get(items(conversation) + "?order=asc").ids();
    String elsewhere = http.get(items(Fixtures.conversation(http, List.of("c")))).ids().get(0);

    stored(http.delete(items(conversation) + "/" + ids.get(0)));

    for (String cursor : List.of("nowhere", elsewhere, ids.get(0), "")) {
      assertThat(Refusal.of(http.get(items(conversation) + "?after=" + cursor)))
          .isEqualTo(
              Refusal.invalid(404, "after", null, "No item found with id '%s'".formatted(cursor)));
    }
  }

  @Test
  void aDeletedItemIsGoneFromItsConversationAlone() {
    String conversation = Fixtures.conversation(http, List.of("a", "b", "c"));
    List<String> ids = http.get(items(conversation) + "?order=asc").ids();
    String other = Fixtures.conversation(http);
    stored(http.post(items(other), "{\"items\":[{\"id\":\"%s\"}]}".formatted(ids.get(1))));

    Answer deleted = stored(http.delete(items(conversation) + "/" + ids.get(1)));

    assertThat(deleted.text()).isEqualTo(http.get("/v1/conversations/" + conversation).text());
    assertThat(http.get(items(conversation) + "?order=asc").ids())
        .containsExactly(ids.get(0), ids.get(2));
    Refusal gone =
        Refusal.invalid(
            404, null, null, "Item with id '%s' not found in conversation.".formatted(ids.get(1)));
    assertThat(Refusal.of(http.get(items(conversation) + "/" + ids.get(1)))).isEqualTo(gone);
    assertThat(Refusal.of(http.delete(items(conversation) + "/" + ids.get(1)))).isEqualTo(gone);
    assertThat(http.get(items(other)).ids()).containsExactly(ids.get(1));
  }

  @Test
  void anUnknownConversationHasNoItems() {
    Refusal unknown =
        Refusal.invalid(404, null, null, "Conversation with id 'conv_none' not found.");

    assertThat(Refusal.of(http.get(items("conv_none")))).isEqualTo(unknown);
    assertThat(Refusal.of(http.post(items("conv_none"), "{\"items\":[{\"type\":\"x\"}]}")))
        .isEqualTo(unknown);
    assertThat(Refusal.of(http.get(items("conv_none") + "/x"))).isEqualTo(unknown);
    assertThat(Refusal.of(http.delete(items("conv_none") + "/x"))).isEqualTo(unknown);
  }

  private JsonNode appended(String item) {
    return stored(http.post(items(Fixtures.conversation(http)), "{\"items\":[%s]}".formatted(item)))
        .json()
        .at("/data/0");
  }

  private List<String> pages(String conversation, String order, int limit) {
    List<String> ids = new ArrayList<>();
    String after = "";
    while (true) {
      Answer page =
          stored(
              http.get(
                  "%s?order=%s&limit=%d%s".formatted(items(conversation), order, limit, after)));
      assertThat(page.ids()).hasSizeBetween(1, limit);
      assertThat(page.json().path("first_id").textValue()).isEqualTo(page.ids().get(0));
      ids.addAll(page.ids());
      after = "&after=" + page.json().path("last_id").textValue();
      if (!page.json().path("has_more").booleanValue()) {
        return ids;
      }
    }
  }
}
