package org.smg.history.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

  private enum Colour {
    RED,
    BLUE
  }

  private static final Option<Integer> SIZE = Option.number("a-size", 16, 2, 100);
  private static final Option<Boolean> SWITCH = Option.flag("a-switch", false);
  private static final Option<Colour> COLOUR = Option.choice("a-colour", Colour.BLUE);
  private static final Option<String> NAME = Option.text("a-name", "").withAlias("OTHER_NAME");
  private static final Option<String> PLACE =
      Option.text("a-place", "")
          .withAlias("OTHER_PLACE")
          .asSecret()
          .withCheck(OptionsTest::checkPlace);

  private static void checkPlace(String place) {
    if (place.isEmpty()) {
      throw new IllegalArgumentException("missing; set a place");
    }
    if (place.contains("nowhere")) {
      throw new IllegalArgumentException("is not a place");
    }
  }

  @Test
  void anOptionThatNobodySetHasItsDefault() {
    Options options = options(Map.of());

    assertThat(options.get(SIZE)).isEqualTo(16);
    assertThat(options.get(SWITCH)).isFalse();
    assertThat(options.get(COLOUR)).isEqualTo(Colour.BLUE);
    assertThat(options.get(NAME)).isEmpty();
    assertThatCode(options::check).doesNotThrowAnyException();
  }

  @Test
  void valuesAreReadWithoutTheSpaceAroundThem() {
    Options options =
        options(Map.of("a-size", " 2\n", "a-switch", "true ", "a-colour", " red", "a-name", " n "));

    assertThat(options.get(SIZE)).isEqualTo(2);
    assertThat(options.get(SWITCH)).isTrue();
    assertThat(options.get(COLOUR)).isEqualTo(Colour.RED);
    assertThat(options.get(NAME)).isEqualTo("n");
    assertThatCode(options::check).doesNotThrowAnyException();
  }

  @Test
  void anAliasComesSecond() {
    assertThat(options(Map.of("OTHER_NAME", "second")).get(NAME)).isEqualTo("second");
    assertThat(options(Map.of("OTHER_NAME", "second", "a-name", "first")).get(NAME))
        .isEqualTo("first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "101", "many", "1e1", "2.0", "99999999999"})
  void aNumberThatIsNoneOrOutOfRangeIsRefused(String value) {
    assertRefused(SIZE, value, "a-size: '%s' is not a whole number from 2 to 100".formatted(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "TRUE", "1"})
  void aFlagIsTrueOrFalse(String value) {
    assertRefused(SWITCH, value, "a-switch: '%s' is neither true nor false".formatted(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"green", "RED", "red,blue", "-"})
  void aChoiceIsRefusedWithWhatIsAllowed(String value) {
    assertRefused(
        COLOUR, value, "a-colour: '%s' is unknown; allowed are red, blue".formatted(value));
  }

  @Test
  void aSecretIsNeverRepeated() {
    assertRefused(PLACE, "s3cret@nowhere", "a-place: is not a place");
  }

  @Test
  void aSecretIsReadFromAFile(@TempDir Path folder) throws IOException {
    String file = Files.writeString(folder.resolve("place"), "s3cret@home\n").toString();

    for (String name : List.of("a-place-file", "OTHER_PLACE_FILE")) {
      Options options = options(Map.of(name, file));
      assertThat(options.get(PLACE)).as(name).isEqualTo("s3cret@home");
      assertThatCode(options::check).doesNotThrowAnyException();
    }
  }

  @Test
  void onlyASecretIsReadFromAFile(@TempDir Path folder) throws IOException {
    String file = Files.writeString(folder.resolve("name"), "n").toString();

    assertThat(options(Map.of("a-name-file", file)).get(NAME)).isEmpty();
  }

  @Test
  void aSecretIsNotSetTwice(@TempDir Path folder) throws IOException {
    String file = Files.writeString(folder.resolve("place"), "s3cret@home").toString();
    Options options = options(Map.of("a-place", "s3cret@work", "a-place-file", file));

    assertThat(options.get(PLACE)).isEmpty();
    assertThatThrownBy(options::check).hasMessage("a-place: set beside a-place-file; one of them");
  }

  @Test
  void aFileWithASecretThatCannotBeUsedIsRefusedWithoutIt(@TempDir Path folder) throws IOException {
    String file = Files.writeString(folder.resolve("place"), "s3cret@nowhere").toString();
    Options options = options(Map.of("a-place-file", file));
    options.get(PLACE);

    assertThatThrownBy(options::check).hasMessage("a-place: is not a place");
  }

  @Test
  void aFileThatIsMissingIsRefusedByItsName() {
    Options options = options(Map.of("a-place-file", "/no/such\nfile"));
    options.get(PLACE);

    assertThatThrownBy(options::check)
        .hasMessage("a-place: the file '/no/such?file' cannot be read (NoSuchFileException)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{aes}c2VjcmV0", "{xor}c2VjcmV0"})
  void anEncodedSecretThatNoServerDecodesIsRefused(String encoded) {
    Options options = options(Map.of("a-place", encoded));
    options.get(PLACE);

    assertThatThrownBy(options::check)
        .hasMessageStartingWith("a-place: is encoded, and the server does not decode it")
        .hasMessageNotContaining("c2VjcmV0");
  }

  @Test
  void aDefaultThatIsRefusedHasToBeSet() {
    Options options = options(Map.of());
    options.get(PLACE);

    assertThatThrownBy(options::check)
        .isInstanceOf(InvalidOptions.class)
        .hasMessage("a-place: missing; set a place");
  }

  @Test
  void allFaultsAreToldAtOnceEachOnALineAndOnce() {
    Options options =
        options(Map.of("a-size", "1", "a-switch", "y\ne\rs", "a-colour", "", "a-name", "n"));
    options.get(SIZE);
    options.get(SWITCH);
    options.get(COLOUR);
    options.get(NAME);
    options.get(SIZE);
    options.refuse(NAME, "set beside a-size; one of them");

    assertThatThrownBy(options::check)
        .isInstanceOf(InvalidOptions.class)
        .hasMessage(
            """
            a-size: '1' is not a whole number from 2 to 100
            a-switch: 'y?e?s' is neither true nor false
            a-colour: '' is unknown; allowed are red, blue
            a-name: set beside a-size; one of them""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "32MB", "1e6", "99999999999"})
  void aBodySizeThatIsNoneIsRefused(String value) {
    Options options = options(Map.of("history-max-body-bytes", value));

    assertThat(new Settings(options).maxBodyBytes()).isEqualTo(33_554_432);
    assertThatThrownBy(options::check)
        .hasMessage(
            "history-max-body-bytes: '%s' is not a whole number from 1 to 1073741824", value);
  }

  @Test
  void originsAreAList() {
    Options options =
        options(Map.of("history-cors-origins", "https://a.example, http://[::1]:3000 ,http://b:1"));

    assertThat(new Settings(options).corsOrigins())
        .containsExactlyInAnyOrder("https://a.example", "http://[::1]:3000", "http://b:1");
    assertThatCode(options::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "https://*.example",
        "https://a.example/",
        "https://a.example/page",
        "HTTPS://a.example",
        "https://A.example",
        "a.example",
        "https://a.example:443",
        "http://a.example:80",
        "https://user@a.example",
        "https://a.example,",
        "https://a.example https://b.example",
        "file://",
        "https://"
      })
  void whatIsNoOriginIsRefused(String value) {
    Options options = options(Map.of("history-cors-origins", value));

    assertThat(new Settings(options).corsOrigins()).isEmpty();
    assertThatThrownBy(options::check)
        .hasMessageStartingWith("history-cors-origins: '%s' is no list of origins", value);
  }

  private static void assertRefused(Option<?> option, String value, String line) {
    Options options = options(Map.of(option.property(), value));

    assertThat(options.get(option)).isEqualTo(option.defaultValue());
    assertThatThrownBy(options::check).isInstanceOf(InvalidOptions.class).hasMessage(line);
  }

  private static Options options(Map<String, String> values) {
    return new Options(name -> Optional.ofNullable(values.get(name)));
  }
}
