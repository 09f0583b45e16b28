package org.smg.history.wartests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.Fixtures.unique;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;

import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON and what is not, and that what is comes back as it was sent. */
@ServedBy({MEMORY, POSTGRES})
class JsonBodiesIT {

  private final Http http;

  JsonBodiesIT(ApplicationServer server) {
    http = server.http();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "\n\t",
        "{",
        "{\"a\":1",
        "{\"a\":\"",
        "{'a':1}",
        "{\"a\":1,}",
        "{\"a\":[1,]}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":tru}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\u0001\"}",
        "{\"a\":\"\u0000\"}",
        "{\"a\":1} {}",
        "{\"a\":1}x",
        "{a:1}",
        "{} // a comment",
        "nonsense",
        "\uFEFF{}"
      })
  void whatIsNotJsonIsRefused(String body) {
    Refusal refusal = Refusal.of(http.post("/v1/conversations", body));

    assertThat(refusal.code()).isEqualTo("invalid_json");
    assertThat(refusal.message())
        .startsWith(
            "Invalid body: failed to parse JSON value."
                + " Please check the value to ensure it is valid JSON. (");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]", "\"text\"", "1", "true"})
  void aBodyThatIsNoObjectIsRefused(String body) {
    Refusal refusal = Refusal.of(http.post("/v1/conversations", body));

    assertThat(refusal.code()).isEqualTo("invalid_type");
    assertThat(refusal.message()).startsWith("Invalid body: expected an object, but got ");
  }

  static Stream<Charset> otherEncodings() {
    return Stream.of(UTF_16, UTF_16BE, UTF_16LE, Charset.forName("UTF-32"));
  }

  @ParameterizedTest
  @MethodSource("otherEncodings")
  void anEncodingThatJsonForbidsIsRefused(Charset encoding) {
    assertThat(refusedItem("{\"type\":\"x\"}".getBytes(encoding)).code()).isEqualTo("invalid_json");
    assertThat(Refusal.of(post("{}".getBytes(encoding))).code()).isEqualTo("invalid_json");
  }

  /** A lone byte, an overlong zero, half a surrogate pair, and what lies beyond Unicode. */
  @ParameterizedTest
  @ValueSource(
      strings = {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f4\u0090\u0080\u0080"})
  void bytesThatAreNotUtf8AreRefused(String bytes) {
    byte[] item = ("{\"type\":\"x\",\"v\":\"" + bytes + "\"}").getBytes(ISO_8859_1);

    assertThat(refusedItem(item).message()).contains("(the body is not UTF-8)");
  }

  @Test
  void aHundredLevelsAreAcceptedAndOneMoreIsRefused() {
    // The body, its items and the item are the first three.
    String deepest = nested(97);
    String id = unique("deep");

    assertThat(roundTrip("{\"type\":\"x\",\"id\":\"%s\",\"v\":%s}".formatted(id, deepest)))
        .contains(deepest);
    Refusal refusal = refusedItem(("{\"type\":\"x\",\"v\":" + nested(98) + "}").getBytes(UTF_8));
    assertThat(refusal.code()).isEqualTo("invalid_json");
    assertThat(refusal.message()).contains("(it is nested deeper than 100 levels)");
  }

  @Test
  void aHundredThousandLevelsAreRefusedAsWell() {
    assertThat(Refusal.of(http.post("/v1/conversations", "{\"a\":" + "[".repeat(100_000))).code())
        .isEqualTo("invalid_json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1E2",
        "0.1000",
        "-0.0",
        "-0",
        "1e400",
        "1e-400",
        "12345678901234567890123",
        "0.1234567890123456789012345678901234567890",
        "1.0E+0002",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u00e9 \\/ \\b\\f\\n\\r\\t \\\"\"",
        "\"\u00e9 \u4f60\u597d \ud83d\ude00 \u2028\u2029 \u007f\"",
        "\"\"",
        "null",
        "true",
        "{}",
        "[]",
        "{\"\":{\"\":\"\"}}",
        "{\"z\":1,\"a\":2,\"m\":{\"y\":[3,2,1],\"b\":null}}",
        "{\"twice\":1,\"twice\":2}",
        "[ 1 ,\n\t2 ]",
        "[[[[]]],[null,false]]"
      })
  void aValueComesBackDigitForDigit(String value) {
    String item =
        "{\"unknown\":%s,\"id\":\"%s\",\"type\":\"of_tomorrow\"}".formatted(value, unique("x"));

    assertThat(roundTrip(item)).isEqualTo(item);
  }

  @Test
  void aMessageThatNeedsNoCompletionComesBackByteForByte() {
    String item =
        """
        { "content" : [ {"annotations":[],"text":"\\u00e9","logprobs":[],"type":"output_text"} ],
          "role":"assistant", "phase":null, "zzz": 1.50, "status":"incomplete",
          "id":"%s" , "type":"message" }\
        """
            .formatted(unique("msg"));

    assertThat(roundTrip(item)).isEqualTo(item);
  }

  @Test
  void aStringOfTwoMegabytesComesBackByteForByte() {
    String item =
        "{\"id\":\"%s\",\"type\":\"x\",\"v\":\"%s\"}"
            .formatted(unique("x"), "a\u00e9\ud83d\ude00\\u0000".repeat(2 * 1024 * 1024 / 13));

    assertThat(roundTrip(item)).isEqualTo(item);
  }

  @Test
  void aNumberOfTensOfThousandsOfDigitsComesBackDigitForDigit() {
    String item =
        "{\"id\":\"%s\",\"type\":\"x\",\"v\":%s}".formatted(unique("x"), "7".repeat(50_000));

    assertThat(roundTrip(item)).isEqualTo(item);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"metadata\":{},\"metadata\":{\"a\":\"b\"}}",
        "{\"items\":[],\"items\":[]}",
        "{\"metadata\":{\"a\":\"1\",\"a\":\"2\"}}",
        "{\"items\":[{\"type\":\"x\",\"id\":\"1\",\"id\":\"2\"}]}",
        "{\"items\":[{\"role\":\"user\",\"content\":\"a\",\"content\":\"b\"}]}"
      })
  void aMemberThatIsInterpretedMustNotComeTwice(String body) {
    Refusal refusal = Refusal.of(http.post("/v1/conversations", body));

    assertThat(refusal.code()).isEqualTo("invalid_value");
    assertThat(refusal.message()).endsWith("comes twice.");
  }

  /** Stores an item with an id and reads it back in every way there is. */
  private String roundTrip(String item) {
    String conversation = Fixtures.conversation(http);
    Answer appended = stored(http.post(Fixtures.items(conversation), "{\"items\":[" + item + "]}"));
    String id = appended.ids().get(0);
    String list =
        "{\"object\":\"list\",\"data\":[%s],\"first_id\":\"%s\",\"last_id\":\"%s\",\"has_more\":false}"
            .formatted("%s", id, id);
    String read = stored(http.get(Fixtures.items(conversation) + "/" + id)).text();
    assertThat(appended.text()).isEqualTo(list.formatted(read));
    assertThat(stored(http.get(Fixtures.items(conversation))).text())
        .isEqualTo(list.formatted(read));
    return read;
  }

  private Refusal refusedItem(byte[] item) {
    byte[] body = new byte[item.length + 12];
    System.arraycopy("{\"items\":[".getBytes(UTF_8), 0, body, 0, 10);
    System.arraycopy(item, 0, body, 10, item.length);
    System.arraycopy("]}".getBytes(UTF_8), 0, body, 10 + item.length, 2);
    return Refusal.of(post(body));
  }

  private Answer post(byte[] body) {
    return http.send("POST", "/v1/conversations", List.of("Content-Type: application/json"), body);
  }

  private static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }
}
