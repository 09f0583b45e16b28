package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

class ItemEncodingTest {

  @ParameterizedTest
  @CsvSource({
    "6, true", // Both offsets fit.
    "40000, false", // The offsets would take more than 15 bits.
  })
  void idAndTypeAreNotStoredTwiceWhereTheJsonHasThem(int spaces, boolean inside) {
    Item item =
        new Item(
            "msg_1",
            "message",
            JsonText.of(" ".repeat(spaces) + "{\"id\":\"msg_1\",\"type\":\"message\"}"));

    byte[] entry = ItemEncoding.encode(item);

    assertThat(ItemEncoding.decode(entry)).isEqualTo(item);
    assertThat(entry).hasSize(item.json().length() + (inside ? 6 : 4 + 5 + 7));
  }

  @ParameterizedTest
  @CsvSource({"msg_ä, message", "a\\u002fb, message", "m, other", "'', ''"})
  void idsAndTypesThatTheJsonWritesInAnotherWayOrNotAtAllAreKept(String id, String type) {
    Item item = new Item(id, type, JsonText.of("{\"id\":\"a/b\",\"type\":\"message\"}"));

    assertThat(ItemEncoding.decode(ItemEncoding.encode(item))).isEqualTo(item);
  }

  @ParameterizedTest
  @CsvSource({
    "msg_0123456789abcdef00ff7f80a0b1c2d3, true",
    "0123456789abcdef00ff7f80a0b1c2d3, true",
    "msg_68a1f0123456789abcdef00ff7f80a0b1c2d3, true",
    "msg_0123456789abcdef00ff7f80a0b1c2, false", // Only 30 digits.
    "msg_0123456789ABCDEF00FF7F80A0B1C2D3, false", // They would come back in lower case.
    "msg_0123456789abcdef00ff7f80a0b1c2dg, false",
  })
  void theLast32DigitsOfAnIdTakeHalfTheirLength(String id, boolean packed) {
    for (String json :
        List.of(
            "{\"id\":\"%s\",\"type\":\"message\"}",
            "{\"type\":\"message\",\"again\":\"%1$s\",\"id\":\"%1$s\"}")) {
      Item item = new Item(id, "message", JsonText.of(json.formatted(id)));

      byte[] entry = ItemEncoding.encode(item);

      assertThat(ItemEncoding.decode(entry)).isEqualTo(item);
      assertThat(entry).hasSize(item.json().length() + 6 - (packed ? 16 : 0));
    }
  }

  @ParameterizedTest
  @CsvSource({"127", "128", "255"})
  void longTypesAreKept(int length) {
    String type = "t".repeat(length);
    Item item = new Item("i", type, JsonText.of("{\"id\":\"i\",\"type\":\"" + type + "\"}"));

    assertThat(ItemEncoding.decode(ItemEncoding.encode(item))).isEqualTo(item);
  }

  @ParameterizedTest
  @CsvSource({"255", "256", "32767"})
  void longIdsAreKept(int length) {
    String id = "i".repeat(length);
    Item item = new Item(id, "message", JsonText.of("{\"id\":\"" + id + "\"}"));

    assertThat(ItemEncoding.decode(ItemEncoding.encode(item))).isEqualTo(item);
  }
}
