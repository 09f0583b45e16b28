package org.smg.history.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Metadata;

class LimitsTest {

  private static final String TOO_LONG = "string_above_max_length";

  @ParameterizedTest
  @ValueSource(strings = {"a", "é", "漢", "😀"})
  void metadataIsCountedInCharacters(String character) {
    assertThatCode(() -> checkMetadata(character.repeat(64), character.repeat(512)))
        .doesNotThrowAnyException();
    assertRefused(
        () -> checkMetadata("key", character.repeat(513)),
        "metadata.key",
        TOO_LONG,
        "Invalid 'metadata.key': string too long. Expected a string with maximum length 512,"
            + " but got a string with length 513 instead.");
    assertRefused(
        () -> checkMetadata(character.repeat(65), "value"),
        "metadata." + character.repeat(65),
        "property_name_above_max_length",
        "Invalid 'metadata': property name too long. Expected a property name with maximum"
            + " length 64, but got a property name with length 65 instead.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "é", "漢", "😀"})
  void commentsAreCountedInCharacters(String character) {
    assertThatCode(() -> Limits.checkText("comment", character.repeat(10_000), 10_000))
        .doesNotThrowAnyException();
    assertRefused(
        () -> Limits.checkText("comment", character.repeat(10_001), 10_000),
        "comment",
        TOO_LONG,
        "Invalid 'comment': string too long. Expected a string with maximum length 10000,"
            + " but got a string with length 10001 instead.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "é", "漢", "😀"})
  void fieldsMayHave512CharactersAndNotOneMore(String character) {
    assertThatCode(() -> Limits.checkField("model", character.repeat(512)))
        .doesNotThrowAnyException();
    assertRefused(
        () -> Limits.checkField("model", character.repeat(513)),
        "model",
        TOO_LONG,
        "Invalid 'model': string too long. Expected a string with maximum length 512,"
            + " but got a string with length 513 instead.");
  }

  @Test
  void halfASurrogatePairIsRefusedAlikeInKeysAndValues() {
    for (String half : new String[] {"\ud800", "\udc00"}) {
      assertRefused(
          () -> checkMetadata("k" + half, "value"),
          "metadata.k" + half,
          "invalid_value",
          "Invalid 'metadata.k%s': half of a surrogate pair is not a character.".formatted(half));
      assertRefused(
          () -> checkMetadata("k", half),
          "metadata.k",
          "invalid_value",
          "Invalid 'metadata.k': half of a surrogate pair is not a character.");
    }
  }

  private static void checkMetadata(String key, String value) {
    Limits.checkMetadata(new Metadata(Map.of(key, value)));
  }

  private static void assertRefused(
      ThrowingCallable check, String param, String code, String message) {
    assertThatThrownBy(check)
        .hasMessage(message)
        .isInstanceOfSatisfying(
            HistoryFailure.Invalid.class,
            invalid -> {
              assertThat(invalid.param()).isEqualTo(param);
              assertThat(invalid.code()).isEqualTo(code);
            });
  }
}
