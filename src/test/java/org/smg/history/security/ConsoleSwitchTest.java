package org.smg.history.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.config.Options;

class ConsoleSwitchTest {

  private static final String CONTAINER = "history-auth=container history-container-tenant=acme";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "history-auth=none | true | only this machine is served, and history-console is not set",
        "history-allow-anonymous=true | false | history-console is not set",
        CONTAINER + " | false | history-console is not set",
        "history-console=false | false | history-console=false",
        "history-console=true " + CONTAINER + " | true | history-console=true",
        "history-console=true history-allow-anonymous=true | true | history-console=true",
      })
  void itIsOnWhereItIsWantedOrOnlyThisMachineIsServed(String set, boolean on, String why) {
    ConsoleSwitch console = ConsoleSwitch.read(options(set));

    assertThat(console.on()).isEqualTo(on);
    assertThat(console.describe())
        .isEqualTo(
            on
                ? "The console is on, at /console/ below the context root: " + why
                : "The console is off: " + why);
  }

  @Test
  void anotherValueStopsTheStart() {
    Options options = options("history-console=yes");
    ConsoleSwitch.read(options);

    assertThatThrownBy(options::check)
        .hasMessage("history-console: 'yes' is neither true nor false");
  }

  private static Options options(String set) {
    Map<String, String> values =
        Arrays.stream(set.split(" "))
            .map(option -> option.split("=", 2))
            .collect(Collectors.toMap(option -> option[0], option -> option[1]));
    return new Options(name -> Optional.ofNullable(values.get(name)));
  }
}
