package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.OutputType;

/**
 * Makes the pictures of the documents from the example conversations. It is no test: it runs when
 * it is named (see CONTRIBUTING.md).
 */
@OnLiberty
@ExtendWith(Chromium.class)
class ConsolePictures {

  private static final Path FOLDER = Path.of("src/docs/pictures");
  private static final long MOST_BYTES = 200_000;
  private static final int WIDTH = 1280;
  private static final int HEIGHT = 800;

  @Test
  void takeThem(Browser browser) throws IOException {
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.put("HISTORY_EXAMPLES", "true");
    try (ApplicationServer server = TestServer.chosen().start("console-pictures", options)) {
      browser.reset();
      ConsolePage page = new ConsolePage(browser, server.baseUrl());
      String parcel =
          server.http().get("/v1/conversations?metadata%5Btopic%5D=late%20parcel").ids().get(0);
      String arabic = server.http().get("/v1/conversations?metadata%5Blanguage%5D=ar").ids().get(0);

      take(browser, page, "light", WIDTH, HEIGHT, "conversations/" + parcel, "console-light");
      take(browser, page, "dark", WIDTH, HEIGHT, "conversations/" + parcel, "console-dark");
      take(browser, page, "light", WIDTH, HEIGHT, "feedback", "console-feedback");
      take(browser, page, "light", 390, 844, "conversations/" + arabic, "console-phone");
    }
  }

  private static void take(
      Browser browser,
      ConsolePage page,
      String colours,
      int width,
      int height,
      String route,
      String name)
      throws IOException {
    browser.appearance(Map.of("prefers-color-scheme", colours));
    browser.width(width, height);
    page.open("conversations");
    page.visit(route);
    page.await("the whole view", () -> "ready".equals(page.state()));
    if (route.contains("/")) {
      page.await("the feedback", () -> page.count("article [data-feedback-id]") > 0);
    }
    // Without the frame of what has the keyboard.
    browser.run("document.activeElement.blur()");
    Path file = Files.createDirectories(FOLDER).resolve(name + ".png");
    Files.write(file, browser.driver().getScreenshotAs(OutputType.BYTES));
    assertThat(file)
        .as(name)
        .satisfies(made -> assertThat(Files.size(made)).isLessThan(MOST_BYTES));
  }
}
