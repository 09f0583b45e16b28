package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

class PackedTest {

  @ParameterizedTest
  @CsvSource({
    "6, true", // Both are inside.
    "40000, false", // The JSON begins with so much else that they are too far away.
  })
  void idAndTypeAreNotStoredTwiceWhereTheJsonHasThem(int spaces, boolean inside) {
    Item item =
        new Item(
            "msg_1",
            "message",
            JsonText.of(" ".repeat(spaces) + "{\"id\":\"msg_1\",\"type\":\"message\"}"));

    byte[] entry = Packed.item(item);

    assertThat(Packed.item(entry)).isEqualTo(item);
    assertThat(entry).hasSize(item.json().length() + (inside ? 6 : 4 + 5 + 7));
  }

  @ParameterizedTest
  @CsvSource({"msg_ä, message", "a\\u002fb, message", "m, other", "'', ''"})
  void whatTheJsonDoesNotHaveOrHasInOtherLettersIsKept(String id, String type) {
    Item item = new Item(id, type, JsonText.of("{\"id\":\"a/b\",\"type\":\"message\"}"));

    assertThat(Packed.item(Packed.item(item))).isEqualTo(item);
  }

  @ParameterizedTest
  @CsvSource({"255", "256", "32767"})
  void longIdsAreKept(int length) {
    String id = "i".repeat(length);
    Item item = new Item(id, "message", JsonText.of("{\"id\":\"" + id + "\"}"));

    assertThat(Packed.item(Packed.item(item))).isEqualTo(item);
  }
}
