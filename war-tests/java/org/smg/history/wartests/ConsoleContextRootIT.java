package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The console on GlassFish below a context root; on Open Liberty {@link ConsoleKeyIT} tests that.
 */
@OnGlassFish
@ExtendWith(Chromium.class)
@EnabledIfSystemProperty(
    named = "server",
    matches = "glassfish7",
    disabledReason = "one GlassFish is enough")
class ConsoleContextRootIT {

  private static final String ROOT = "/chat";

  @Test
  void thePageFindsTheApiBesideIt(Browser browser) {
    Path home = Path.of(System.getProperty("glassfish"), "glassfish7").toAbsolutePath();
    try (ApplicationServer server =
        GlassFishServer.start(
            home, "glassfish7-console-root", TestBackend.MEMORY.options(), List.of(), ROOT)) {
      Answer folder = server.http().get(ROOT + "/console");
      String conversation =
          Fixtures.stored(server.http().post(ROOT + "/v1/conversations", "{}")).id();
      browser.reset();
      browser.driver().get(server.baseUrl() + ROOT + "/console");
      ConsolePage page = new ConsolePage(browser, server.baseUrl() + ROOT);
      page.await("the list", () -> page.rows().equals(List.of(conversation)));

      assertThat(folder.header("Location")).isEqualTo("console/");
      assertThat(browser.messages()).isEmpty();
    }
  }
}
