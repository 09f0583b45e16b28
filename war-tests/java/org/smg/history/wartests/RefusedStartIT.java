package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value that cannot be used stops the start of the application with one line that names it. */
@OnLiberty
class RefusedStartIT {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HISTORY_BACKEND | mongo |" + " history-backend: 'mongo' is unknown; allowed are ",
        "HISTORY_MAX_BODY_BYTES | 32MB |"
            + " history-max-body-bytes: '32MB' is not a whole number from 1 to 1073741824",
        "HISTORY_BACKEND | redis | redis-url: is missing; allowed are redis://[user:password@]host",
        "MEMORY_MAX_CONVERSATIONS | -1 |"
            + " memory-max-conversations: '-1' is not a whole number from 0 to 2147483647",
      })
  void aValueThatCannotBeUsedStopsTheStart(String variable, String value, String line) {
    try (LibertyServer server =
        LibertyServer.named("refused").environment(Map.of(variable, value)).make()) {
      server.launch();
      server.awaitLogged(".*CWWKZ0012I.*history was not started.*");
      server.awaitLogged(".*CWWKF0011I.*ready to run.*");

      List<String> said =
          server.read("console.log").lines().filter(logged -> logged.contains(line)).toList();
      assertThat(said).isNotEmpty().allMatch(Pattern.compile("^\\[ERROR").asPredicate());
      assertThat(server.read("console.log"))
          .as("the line says it all: no stack trace of the application follows")
          .doesNotContain("at org.smg.history");
      assertThat(server.http().get("/health/ready").status()).isEqualTo(503);
      server.kill();
    }
  }
}
