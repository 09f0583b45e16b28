package org.smg.history.storage.redis.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;

class ItemEncodingTest {

  @ParameterizedTest
  @CsvSource({
    "msg_1, message",
    "msg_ä, message",
    "a\\u002fb, message",
    "a b, one two",
    "\\s, \\n",
    "m, other",
    "'', ''",
  })
  void idsAndTypesAreKept(String id, String type) {
    Item item = new Item(id, type, JsonText.of("{\"id\":\"a/b\",\"type\":\"message\"}"));

    assertThat(ItemEncoding.decode(ItemEncoding.encode(item))).isEqualTo(item);
  }

  @Test
  void lineBreaksAndHalvesOfSurrogatePairsAreKept() {
    Item item = new Item("a\nb", "\uD83D\n\uD83D\uDE00 \uDE00", JsonText.of("{}"));

    assertThat(ItemEncoding.decode(ItemEncoding.encode(item))).isEqualTo(item);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 255, 256, 32_767, 70_000})
  void longIdsAndTypesAreKept(int length) {
    Item item = new Item("i".repeat(length), "t".repeat(length), JsonText.of("{}"));

    assertThat(ItemEncoding.decode(ItemEncoding.encode(item))).isEqualTo(item);
  }

  @Test
  void anEntryOfANewerLayoutIsRefused() {
    assertThatThrownBy(
            () -> ItemEncoding.decode("2 msg_1 message {}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A value in Redis has the layout '2'; this server reads '1'.");
  }
}
