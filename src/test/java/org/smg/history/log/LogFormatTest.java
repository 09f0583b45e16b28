package org.smg.history.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogFormatTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final Event PLAIN =
      Event.of("slow_operation", "It took long")
          .with("duration_ms", 1234L)
          .with("tenant", "acme")
          .with("id", null);

  @Test
  void asTextTheFieldsFollowTheSentence() {
    assertThat(LogFormat.TEXT.line(PLAIN)).isEqualTo("It took long (duration_ms=1234 tenant=acme)");
    assertThat(LogFormat.TEXT.line(Event.of("setting", "The console is off")))
        .isEqualTo("The console is off");
  }

  @Test
  void asJsonItIsAnObjectWithNumbers() {
    assertThat(LogFormat.JSON.line(PLAIN))
        .isEqualTo(
            "{\"event\":\"slow_operation\",\"message\":\"It took long\",\"duration_ms\":1234,\"tenant\":\"acme\"}");
  }

  /** Line breaks of several kinds, a terminal's escape, right-to-left marks, half a character. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nb",
        "a\r\nINFO: b",
        "\u0000",
        "\u001b[31m",
        "\u007f",
        "\u0085",
        "\u2028\u2029",
        "\u202e",
        "\ud800",
        "\"},{\"event\":\"stop\"",
        "x) (tenant=evil",
        "x tenant=evil",
        "\\",
        "\\u000a",
        "é😀",
        ""
      })
  void whateverIsInItALineStaysOneLineWithTheSameFields(String value) throws IOException {
    Event event = Event.of("fault", "It failed").with("id", value).with("tenant", "acme");

    String json = LogFormat.JSON.line(event);
    String text = LogFormat.TEXT.line(event);

    assertThat(json).matches("[ -~]*");
    JsonNode read = JSON.readTree(json);
    assertThat(read.size()).isEqualTo(4);
    assertThat(read.get("id").textValue())
        .isEqualTo(value.equals("\ud800") || value.equals("\u007f") ? "?" : value);
    assertThat(read.get("tenant").textValue()).isEqualTo("acme");
    assertThat(text).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
    assertThat(text).startsWith("It failed (id=").endsWith(" tenant=acme)");
    // A value that is no single word is in quotation marks, which it cannot close itself.
    assertThat(text).matches("It failed \\(id=\"(?:[^\"\\\\]|\\\\.)*\" tenant=acme\\)");
  }

  @ParameterizedTest
  @EnumSource
  void aMessageIsOneLineToo(LogFormat format) {
    assertThat(format.line(Event.of("fault", "It failed\nINFO: nothing failed\u2028x")))
        .doesNotContain("\n", "\u2028");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsLongIsCutAndNotThroughACharacter(LogFormat format) throws IOException {
    String line =
        format.line(
            Event.of("fault", "m".repeat(10_000))
                .with("id", "x".repeat(LogFormat.MAX_VALUE - 1) + "😀".repeat(1000)));

    assertThat(line).hasSizeLessThan(3000).contains("m...", "x...").doesNotContain("ud83d", "?");
  }

  @Test
  void aStackTraceIsAMember() throws IOException {
    Throwable failure =
        new IllegalStateException(
            "first\nsecond", new SQLException("ERROR: x\n  Detail: (secret)"));

    String json = LogFormat.JSON.line(PLAIN, LoggedFailure.of(failure));

    assertThat(json).doesNotContain("\n", "second", "secret");
    assertThat(JSON.readTree(json).get("stack").textValue().lines())
        .startsWith("java.lang.IllegalStateException: first")
        .contains("Caused by: java.sql.SQLException: ERROR: x")
        .anyMatch(line -> line.startsWith("\tat org.smg.history.log.LogFormatTest.aStackTrace"));
  }
}
