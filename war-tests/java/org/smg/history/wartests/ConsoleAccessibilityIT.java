package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console for everyone: WCAG 2.2 AA as axe checks it, on wide and narrow screens. */
@OnLiberty
@ExtendWith(Chromium.class)
@ServedBy(MEMORY)
class ConsoleAccessibilityIT {

  private final Http http;
  private final Browser browser;
  private final ConsolePage page;

  ConsoleAccessibilityIT(ApplicationServer server, Browser browser) {
    this.http = server.http();
    this.browser = browser;
    this.page = new ConsolePage(browser, server.baseUrl());
  }

  @BeforeEach
  void reset() {
    browser.reset();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void nobodyIsShutOut(String colours) {
    ShownHistory made = ShownHistory.by(http);
    browser.appearance(Map.of("prefers-color-scheme", colours, "prefers-reduced-motion", "reduce"));
    for (int width : List.of(1400, 320)) {
      browser.width(width, 900);
      for (String route :
          List.of(
              made.list(),
              "conversations/" + made.newer(),
              "responses?metadata%5Bteam%5D=" + made.team(),
              "responses/" + made.response(),
              "feedback?author=" + made.team(),
              "conversations?metadata%5Bteam%5D=nobody",
              "conversations?created_after=x")) {
        page.open(route);

        assertThat(browser.barriers()).as(route + " " + width).isEmpty();
        assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
            .as("nothing has to be scrolled sideways: " + route)
            .isLessThanOrEqualTo(width);
      }
    }
  }
}
