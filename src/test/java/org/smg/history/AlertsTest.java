package org.smg.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** promtool runs the tests of the alerts; this holds that each has some, and is explained. */
class AlertsTest {

  private static final Path MONITORING = Path.of("src/monitoring");

  private static List<String> found(Path file, String pattern) throws IOException {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  private static List<String> alerts() throws IOException {
    List<String> alerts = found(MONITORING.resolve("alerts.yml"), "- alert: (\\w+)$");
    assertThat(alerts).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    return alerts;
  }

  @Test
  void eachAlertHasItsTwoTests() throws IOException {
    Path tests = MONITORING.resolve("alerts-test.yml");

    assertThat(found(tests, "^    name: (\\w+)$")).isEqualTo(alerts());
    assertThat(found(tests, "^    name: (\\w+), not$")).isEqualTo(alerts());
  }

  @Test
  void eachAlertIsExplained() throws IOException {
    assertThat(found(Path.of("src/docs/operations.md"), "^\\| `(History\\w+)` \\|"))
        .containsExactlyInAnyOrderElementsOf(alerts());
  }
}
