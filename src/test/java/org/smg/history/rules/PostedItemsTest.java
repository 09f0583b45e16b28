package org.smg.history.rules;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.json.ConversationDraft;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemInput;
import org.smg.history.model.ItemReference;
import org.smg.history.model.Metadata;

class PostedItemsTest {

  private static final HistoryClock CLOCK = new HistoryClock();
  private static final Completion COMPLETION = new Completion(CLOCK, new Ids(CLOCK));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"message\",\"id\":\"m\",\"status\":\"completed\",\"role\":\"user\",\"content\":[]}",
        "{ \"id\" : \"a\" , \"type\" : \"odd\", \"n\" : [1E2, 0.1000, -0.0, 1e400, 12345678901234567890123] }",
        "{\"id\":\"a\",\"type\":\"odd\",\"\":\"\",\"z\":null,\"s\":\"\\u0000\\ud800 \\ud83d\\ude00 é 漢 😀\"}",
        "{\"id\":\"a\",\"type\":\"odd\",\"x\":1,\"x\":2}",
        "{\"id\":\"a\",\"type\":\"odd\",\"\\ud800\":\"\\ud800\",\"a\\udc00\":\"a\\udc00\"}",
        "{\"id\":\"a\",\"type\":\"reasoning\",\"summary\":[],\"content\":[{\"type\":\"reasoning_text\"}]}",
        "{\"id\":\"a\",\"type\":\"odd\",\"content\":7,\"role\":null}",
        "{\"id\":\"漢\",\"type\":\"mcp_call\",\"status\":null}",
      })
  void anItemThatLacksNothingIsKeptByteForByte(String item) {
    assertThat(only(item).json()).hasToString(item);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"role\":\"user\",\"content\":\"hé \\\" \\ud800\"} |"
            + " {\"id\":\"ID\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"user\","
            + "\"content\":[{\"type\":\"input_text\",\"text\":\"hé \\\" \\ud800\"}]}",
        "{\"content\":\"a\",\"role\":\"assistant\",\"id\":\"ID\"} |"
            + " {\"type\":\"message\",\"status\":\"completed\","
            + "\"content\":[{\"type\":\"output_text\",\"text\":\"a\",\"annotations\":[],"
            + "\"logprobs\":[]}],\"role\":\"assistant\",\"id\":\"ID\"}",
        "{\"type\":null,\"status\":null,\"id\":null,\"role\":\"user\",\"content\":[]} |"
            + " {\"type\":\"message\",\"status\":\"completed\",\"id\":\"ID\",\"role\":\"user\","
            + "\"content\":[]}",
        "{\"id\":\"ID\",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\","
            + "\"content\":[{\"text\":\"x\",\"logprobs\":null,\"type\":\"output_text\"}]} |"
            + " {\"id\":\"ID\",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\","
            + "\"content\":[{\"annotations\":[],\"text\":\"x\",\"logprobs\":[],"
            + "\"type\":\"output_text\"}]}",
        "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"n\",\"arguments\":\"{}\"} |"
            + " {\"id\":\"ID\",\"status\":\"completed\",\"type\":\"function_call\","
            + "\"call_id\":\"c\",\"name\":\"n\",\"arguments\":\"{}\"}",
        "{\"type\":\"reasoning\",\"summary\":[]} |"
            + " {\"id\":\"ID\",\"type\":\"reasoning\",\"summary\":[]}",
        "{\"type\":\"tomorrow\"} | {\"id\":\"ID\",\"type\":\"tomorrow\"}",
      })
  void whatIsLackingIsPutInAndNothingElseChanges(String sent, String stored) {
    Item item = only(sent);

    assertThat(item.json().toString().replace(item.id(), "ID")).isEqualTo(stored);
  }

  @ParameterizedTest
  @CsvSource({
    "message,msg_", "function_call,fc_", "function_call_output,fc_", "reasoning,rs_",
    "mcp_call,mcp_", "mcp_list_tools,mcpl_", "web_search_call,ws_", "tomorrow,item_",
  })
  void idsBeginWithTheirTypesPrefix(String type, String prefix) {
    String item = "{\"type\":\"%s\",\"role\":\"user\",\"content\":\"\"}".formatted(type);

    assertThat(only(item).id()).startsWith(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"item_reference\",\"id\":\"a\"}",
        "{\"id\":\"a\"}",
        "{\"id\":\"a\",\"type\":null,\"status\":null,\"content\":null,\"phase\":null}",
      })
  void anIdAloneIsAReference(String item) {
    assertThat(addition(item)).containsExactly(new ItemReference("a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"items\":[{}]} | items[0].type | missing_required_parameter",
        "{\"items\":[{\"id\":\"a\",\"name\":\"b\"}]} | items[0].type | missing_required_parameter",
        "{\"items\":[{\"type\":\"item_reference\"}]} | items[0].id | missing_required_parameter",
        "{\"items\":[{\"role\":\"user\"}]} | items[0].content | missing_required_parameter",
        "{\"items\":[{\"type\":\"message\",\"content\":\"\"}]} | items[0].role |"
            + " missing_required_parameter",
        "{\"items\":[{\"role\":\"bogus\",\"content\":\"\"}]} | items[0].role | invalid_value",
        "{\"items\":[{\"role\":\"user\",\"content\":7}]} | items[0].content | invalid_type",
        "{\"items\":[{\"role\":\"user\",\"content\":[\"a\"]}]} | items[0].content[0] |"
            + " invalid_type",
        "{\"items\":[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}]} |"
            + " items[0].content[0].type | missing_required_parameter",
        "{\"items\":[{\"role\":\"user\",\"content\":\"\"},7]} | items[1] | invalid_type",
        "{\"items\":[{\"type\":\"\",\"id\":\"a\"}]} | items[0].type | invalid_value",
        "{\"items\":[{\"type\":\"a\",\"id\":\"\"}]} | items[0].id | invalid_value",
        "{\"items\":[{\"type\":\"a\",\"id\":\"\\u0001\"}]} | items[0].id | invalid_value",
        "{\"items\":[{\"type\":\"a\",\"id\":\"\\udc00\"}]} | items[0].id | invalid_value",
        "{\"items\":[{\"type\":\"a\",\"id\":\"b\",\"id\":\"c\"}]} | items[0].id | invalid_value",
        "{\"items\":{}} | items | invalid_type",
        "{\"items\":[]} | items | empty_array",
        "{\"items\":null} | items | missing_required_parameter",
        "{} | items | missing_required_parameter",
        "[] | | invalid_type",
        "7 | | invalid_type",
        "{\"items\":[ | | invalid_json",
        "{\"items\":[{\"type\":\"a\",\"n\":01}]} | | invalid_json",
        "{\"items\":[{\"type\":\"a\",\"n\":NaN}]} | | invalid_json",
        "{\"items\":[{\"type\":\"a\"}],} | | invalid_json",
        "{\"items\":[{\"type\":\"a\"}]} // | | invalid_json",
        "{'items':[]} | | invalid_json",
      })
  void whatIsWrongIsNamed(String body, String param, String code) {
    assertRefused(body.getBytes(UTF_8), param, code);
  }

  @Test
  void charactersAreCountedAndNotTheUnitsOfJava() {
    String longest = "\uD83D\uDE00".repeat(255);

    assertThat(only("{\"type\":\"a\",\"id\":\"%s\"}".formatted(longest)).id()).isEqualTo(longest);
    assertRefused(
        "{\"items\":[{\"type\":\"a\",\"id\":\"%sx\"}]}".formatted(longest).getBytes(UTF_8),
        "items[0].id",
        "string_above_max_length");
  }

  @Test
  void anIdMayHave255CharactersAndNotOneMore() {
    String longest = "é".repeat(255);

    assertThat(only("{\"type\":\"a\",\"id\":\"%s\"}".formatted(longest)).id()).isEqualTo(longest);
    assertRefused(
        "{\"items\":[{\"type\":\"a\",\"id\":\"%sx\"}]}".formatted(longest).getBytes(UTF_8),
        "items[0].id",
        "string_above_max_length");
  }

  @Test
  void twentyItemsAreAcceptedAndNotOneMore() {
    assertThat(addition(items(20))).hasSize(20);
    assertThatThrownBy(() -> addition(items(21)))
        .hasMessage(
            "Invalid 'items': array too long. Expected an array with maximum length 20,"
                + " but got an array with length 21 instead.");
  }

  @Test
  void aHundredLevelsAreAcceptedAndNotOneMore() {
    // The body, its items and the item take three levels.
    assertThat(addition(nested(97))).hasSize(1);
    assertRefused(body(nested(98)), null, "invalid_json");
  }

  @Test
  void onlyUtf8IsAccepted() {
    String body = "{\"items\":[{\"type\":\"a\"}]}";

    assertRefused(body.getBytes(UTF_16), null, "invalid_json");
    assertRefused(("\ufeff" + body).getBytes(UTF_8), null, "invalid_json");
    assertRefused(body.replace("a", "\0").getBytes(UTF_8), null, "invalid_json");
    // An overlong slash, and half a surrogate pair encoded as if it were a character.
    assertRefused(body(new byte[] {(byte) 0xC0, (byte) 0xAF}), null, "invalid_json");
    assertRefused(body(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}), null, "invalid_json");
    assertRefused(body(new byte[] {(byte) 0xFF}), null, "invalid_json");
  }

  @Test
  void creationNeedsNothing() {
    for (String body : List.of("", "{\"items\":null,\"metadata\":null,\"zzz\":{}}")) {
      ConversationDraft draft = ConversationDraft.ofCreation(body.getBytes(UTF_8), 20);

      assertThat(draft.metadata()).isEqualTo(Metadata.NONE);
      assertThat(COMPLETION.posted(draft.items())).isEmpty();
    }
  }

  @Test
  void anUpdateNeedsMetadataButItMayBeNull() {
    assertThat(ConversationDraft.ofUpdate("{\"metadata\":null}".getBytes(UTF_8)))
        .isEqualTo(Metadata.NONE);
    assertThatThrownBy(() -> ConversationDraft.ofUpdate("{}".getBytes(UTF_8)))
        .hasMessage("Missing required parameter: 'metadata'.");
  }

  private static void assertRefused(byte[] body, String param, String code) {
    assertThatThrownBy(() -> addition(body))
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class,
            invalid -> {
              assertThat(invalid.param()).isEqualTo(param);
              assertThat(invalid.code()).isEqualTo(code);
            });
  }

  private static Item only(String item) {
    return (Item) addition(item).get(0);
  }

  private static List<ItemInput> addition(String items) {
    return addition(body(items));
  }

  private static List<ItemInput> addition(byte[] body) {
    return COMPLETION.appended(ConversationDraft.ofAddition(body, Limits.ITEMS_PER_REQUEST));
  }

  private static byte[] body(String items) {
    return "{\"items\":[%s]}".formatted(items).getBytes(UTF_8);
  }

  private static byte[] body(byte[] text) {
    byte[] body = body("{\"type\":\"a\",\"text\":\"%s\"}".formatted("~".repeat(text.length)));
    int at = new String(body, UTF_8).indexOf('~');
    System.arraycopy(text, 0, body, at, text.length);
    return body;
  }

  private static String items(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"type\":\"a\",\"n\":%d}".formatted(i))
        .collect(Collectors.joining(","));
  }

  private static String nested(int levels) {
    return "{\"type\":\"a\",\"n\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
  }
}
