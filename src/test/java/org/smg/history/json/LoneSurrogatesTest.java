package org.smg.history.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoneSurrogatesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"\\ud800\":\"\\ud800\"}           | {\"\\u0000\":\"\\ud800\"}",
        "{\"a\\uDC00b\" : 1}                 | {\"a\\u0000b\" : 1}",
        "{\"\\ud83d\\ude00\":1}              | {\"\\ud83d\\ude00\":1}",
        "{\"\\ud83d\\ud83d\\ude00\":1}       | {\"\\u0000\\ud83d\\ude00\":1}",
        "{\"\\\\ud800\":\"\\ud800\"}         | {\"\\\\ud800\":\"\\ud800\"}",
        "{\"\\\"\\ud800\":[\"\\ud800\"]}     | {\"\\\"\\u0000\":[\"\\ud800\"]}",
        "{\"\\ud8zz\":1}                     | {\"\\ud8zz\":1}",
        "{\"\\ud80\":1}                      | {\"\\ud80\":1}",
      })
  void halvesInNamesAreMaskedAndNothingElse(String body, String masked) {
    assertThat(new String(LoneSurrogates.maskedInNames(body.getBytes(UTF_8)), UTF_8))
        .isEqualTo(masked);
  }

  @Test
  void nothingThatIsBrokenMakesItFail() {
    Random random = new Random(7);
    String pieces = "\"\\u:dD80cC{} a";
    for (int run = 0; run < 20_000; run++) {
      StringBuilder body = new StringBuilder("\\ud");
      for (int i = random.nextInt(20); i > 0; i--) {
        body.append(pieces.charAt(random.nextInt(pieces.length())));
      }
      byte[] bytes = body.toString().getBytes(UTF_8);

      assertThatCode(() -> LoneSurrogates.maskedInNames(bytes)).doesNotThrowAnyException();
      assertThat(LoneSurrogates.maskedInNames(bytes)).hasSameSizeAs(bytes);
    }
  }
}
