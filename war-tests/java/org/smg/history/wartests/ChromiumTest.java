package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the tests of the console where there is no browser. */
class ChromiumTest {

  private static final String REASON =
      "The console needs a browser to be tested: there is no %s or no %s. On Debian: apt-get install"
          + " chromium chromium-driver";

  @TempDir private Path folder;

  @Test
  void theyAreLeftOutAndItIsSaid() {
    ConditionEvaluationResult result = Chromium.condition(path("browser"), path("driver"), null);

    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason()).contains(REASON.formatted(path("browser"), path("driver")));
  }

  @Test
  void continuousIntegrationFails() {
    assertThatThrownBy(() -> Chromium.condition(path("browser"), path("driver"), "true"))
        .isInstanceOf(AssertionError.class)
        .hasMessage(REASON.formatted(path("browser"), path("driver")));
  }

  @Test
  void bothAreNeeded() throws IOException {
    Files.createFile(path("browser")).toFile().setExecutable(true);
    assertThat(Chromium.condition(path("browser"), path("driver"), null).isDisabled()).isTrue();
    Files.createFile(path("driver")).toFile().setExecutable(true);
    assertThat(Chromium.condition(path("browser"), path("driver"), "true").isDisabled()).isFalse();
  }

  private Path path(String name) {
    return folder.resolve(name);
  }
}
