package org.smg.history.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Options;

class AccessControlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "| Only requests from this machine are served, without authentication (history-auth=none)",
        "history-auth=none | Only requests from this machine are served, without authentication"
            + " (history-auth=none)",
        "history-allow-anonymous=true | Whoever reaches the port is served without authentication"
            + " (history-allow-anonymous=true)",
      })
  void theStartSaysWhoIsServed(String options, String said) {
    assertThat(selected(options == null ? "" : options).describe()).isEqualTo(said);
  }

  @Test
  void keysAreReadAtTheStart(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys");
    Files.createFile(file);

    assertThat(
            selected("history-auth=api-key history-access=own history-api-keys-file=" + file)
                .describe())
        .isEqualTo("Requests need an API key (history-auth=api-key, history-access=own)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history-auth=password |"
            + " history-auth: 'password' is unknown; allowed are none, or a list of: api-key",
        "history-auth=none,api-key | history-auth: 'none,api-key' combines none with another"
            + " method; none stands alone",
        "history-auth=api-key | history-api-keys-file: is required with history-auth=api-key",
        "history-auth=api-key history-api-keys-file=/none | history-api-keys-file: '/none' cannot"
            + " be read (NoSuchFileException); make the file with: history-keys create",
        "history-access=own |"
            + " history-access: own needs history-auth=api-key, which tells users apart",
        "history-access=all | history-access: 'all' is unknown; allowed are tenant, own",
      })
  void whatDoesNotFitTogetherStopsTheStart(String options, String fault) {
    assertThatThrownBy(() -> selected(options))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage(fault);
  }

  @Test
  void keysForSomeAndNothingForOthersIsNoProtection(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys");
    Files.createFile(file);

    assertThatThrownBy(
            () ->
                selected(
                    "history-auth=api-key history-allow-anonymous=true history-api-keys-file="
                        + file))
        .hasMessage("history-allow-anonymous: true needs history-auth=none");
  }

  private static AccessControl selected(String set) {
    Map<String, String> values =
        Arrays.stream(set.split(" "))
            .filter(option -> !option.isEmpty())
            .map(option -> option.split("="))
            .collect(Collectors.toMap(option -> option[0], option -> option[1]));
    Options options = new Options(name -> Optional.ofNullable(values.get(name)));
    AccessControl selected = new AccessControl.Selection().selected(options);
    options.check();
    return selected;
  }
}
