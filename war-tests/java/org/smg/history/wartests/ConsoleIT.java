package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.TestBackend.MEMORY;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;

/** A walk through all views of the console in a real browser, on every server. */
@ExtendWith(Chromium.class)
@ServedBy(MEMORY)
class ConsoleIT {

  private final Http http;
  private final Browser browser;
  private final ConsolePage page;

  ConsoleIT(ApplicationServer server, Browser browser) {
    this.http = server.http();
    this.browser = browser;
    this.page = new ConsolePage(browser, server.baseUrl());
  }

  @BeforeEach
  void reset() {
    browser.reset();
  }

  @Test
  void allViewsAreShownWithoutAFaultAndWithoutAskingAnybodyElse() {
    ShownHistory made = ShownHistory.by(http);

    assertThat(page.open(made.list()).rows()).containsExactly(made.newer(), made.older());
    assertThat(page.visit("conversations/" + made.newer()).items()).hasSize(4);
    page.await(
        "the feedback at its message",
        () -> page.count("article [data-feedback-id=\"%s\"]".formatted(made.feedback())) == 1);
    assertThat(page.visit("responses?metadata%5Bteam%5D=" + made.team()).rows())
        .containsExactly(made.response());
    assertThat(page.visit("responses/" + made.response()).state()).isEqualTo("ready");
    assertThat(page.visit("feedback?author=" + made.team()).rows())
        .containsExactly(made.feedback());
    assertThat(page.find("[data-row-id]").getText()).contains("It is not.");
    assertThat(page.visit("conversations?metadata%5Bteam%5D=nobody").state()).isEqualTo("empty");

    assertThat(browser.messages()).isEmpty();
    assertThat(browser.requests()).isNotEmpty().allMatch(this::isOwn);
  }

  private boolean isOwn(String address) {
    return address.startsWith(page.address("").replaceFirst("/console/.*", "/"))
        || address.equals("about:blank");
  }

  /** The control: a fault of the page could not turn a text into elements. */
  @Test
  void theBrowserItselfRefusesHtml() {
    page.open("conversations");
    Object refused =
        browser.run(
            """
            try { document.body.innerHTML = "<b>x</b>"; return "set"; }
            catch (refused) { return refused.constructor.name; }
            """);

    assertThat(refused).isEqualTo("TypeError");
    assertThat(browser.messages()).anyMatch(line -> line.contains("TrustedHTML"));
  }

  @Test
  void theListLeadsToTheMessageAndBackByKeysAlone() {
    ShownHistory made = ShownHistory.by(http);
    page.open(made.list());

    page.type("j");
    page.await("the first row", () -> page.selected().equals(made.newer()));
    page.type("j");
    page.await("the second row", () -> page.selected().equals(made.older()));
    page.type("k");
    page.await("the first row again", () -> page.selected().equals(made.newer()));
    page.type(Keys.ENTER);
    page.await(
        "the conversation",
        () -> page.url().contains("conversations/" + made.newer()) && page.items().size() == 4);
    page.type(Keys.ESCAPE);
    page.await("the list", () -> "conversations".equals(page.attribute("view")));

    page.await("the focus where it was", () -> page.selected().equals(made.newer()));
    page.type("/");
    page.await("a filter with the focus", () -> hasFocus("form[data-role=\"filters\"] input"));
    page.type("j?");
    assertThat(browser.run("return document.activeElement.value"))
        .as("keys are silent in fields")
        .isEqualTo("j?");
    page.type(Keys.ESCAPE);
    browser.run("document.activeElement.blur()");
    page.type("?");
    page.await("the help", () -> page.count("dialog[data-role=\"help\"][open]") == 1);
    page.type(Keys.ESCAPE);
    page.await("no help", () -> page.count("dialog[data-role=\"help\"][open]") == 0);
  }

  private boolean hasFocus(String selector) {
    return Boolean.TRUE.equals(
        browser.run("return document.activeElement.matches(arguments[0])", selector));
  }
}
