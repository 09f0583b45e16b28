package org.smg.history.wartests;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.FluentWait;

/** The console as its users see it, in a browser that looks at one server. */
final class ConsolePage {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration INTERVAL = Duration.ofMillis(50);

  private final Browser browser;
  private final String base;

  /**
   * @param base the server's address and the context root, without a slash at the end
   */
  ConsolePage(Browser browser, String base) {
    this.browser = browser;
    this.base = base;
  }

  /** Opens a view in a new document and waits until it is there. */
  ConsolePage open(String route) {
    browser.driver().get("about:blank");
    return visit(route);
  }

  /** Goes to a view like somebody who follows a link in the page. */
  ConsolePage visit(String route) {
    browser.driver().get(address(route));
    return settled(route);
  }

  /** The address that is sent to a colleague. */
  String address(String route) {
    return base + "/console/#/" + route;
  }

  /** Waits until the view of this route is rendered. */
  private ConsolePage settled(String route) {
    String path = route.replaceFirst("\\?.*", "");
    String view =
        path.contains("/") ? path.substring(0, path.indexOf('/')).replaceFirst("s$", "") : path;
    await("the view " + view, () -> view.equals(attribute("view")) && isSettled());
    return this;
  }

  ConsolePage settled() {
    await("the view", this::isSettled);
    return this;
  }

  private boolean isSettled() {
    return List.of("ready", "empty", "error").contains(String.valueOf(state()));
  }

  String state() {
    return attribute("state");
  }

  String attribute(String name) {
    return (String) browser.run("return document.body.dataset[arguments[0]]", name);
  }

  String url() {
    return browser.driver().getCurrentUrl();
  }

  void await(String what, Supplier<Boolean> condition) {
    new FluentWait<>(condition)
        .withTimeout(PATIENCE)
        .pollingEvery(INTERVAL)
        .ignoring(StaleElementReferenceException.class)
        .withMessage(
            () -> what + " is not there: " + attribute("view") + " " + state() + " " + url())
        .until(Supplier::get);
  }

  /** The ids of the list's rows, as they stand. */
  List<String> rows() {
    return strings("[...document.querySelectorAll('[data-row-id]')].map(row => row.dataset.rowId)");
  }

  /**
   * The ids of the transcript's items that are in the page, as they stand; a call's output follows
   * it.
   */
  List<String> items() {
    return strings(
        """
        [...document.querySelectorAll('[data-role="transcript"] article[data-item-id]')].flatMap(
          card => card.dataset.outputId
            ? [card.dataset.itemId, card.dataset.outputId] : [card.dataset.itemId])
        """);
  }

  /** Evaluates an expression that gives a list of texts. */
  List<String> strings(String expression) {
    return ((List<?>) browser.run("return " + expression.strip()))
        .stream().map(String::valueOf).toList();
  }

  long count(String selector) {
    return (Long) browser.run("return document.querySelectorAll(arguments[0]).length", selector);
  }

  WebElement find(String selector) {
    return browser.driver().findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return browser.driver().findElements(By.cssSelector(selector));
  }

  /** The card of an item. */
  WebElement card(String item) {
    String selector = "article[data-item-id=\"%s\"]".formatted(item);
    await("the card of " + item, () -> count(selector) == 1);
    return find(selector);
  }

  /** What a part of a card says, hidden or not. */
  String text(WebElement within, String part) {
    return within
        .findElement(By.cssSelector("[data-part=\"%s\"]".formatted(part)))
        .getDomProperty("textContent");
  }

  void click(String action) {
    click(browser.driver().findElement(By.tagName("body")), action);
  }

  void click(WebElement within, String action) {
    WebElement button =
        within.findElement(By.cssSelector("button[data-action=\"%s\"]".formatted(action)));
    browser.run("arguments[0].scrollIntoView({block: 'center'})", button);
    button.click();
  }

  /** Types into whatever has the focus. */
  void type(CharSequence... keys) {
    browser.driver().switchTo().activeElement().sendKeys(keys);
  }

  /** Filters the list by one of its fields. */
  void filter(String field, String value) {
    WebElement input = find("form[data-role=\"filters\"] [name=\"%s\"]".formatted(field));
    input.clear();
    input.sendKeys(value, Keys.ENTER);
  }

  /** The row of the list that has the keyboard; empty if none has. */
  String selected() {
    return (String)
        browser.run("return document.activeElement.closest('[data-row-id]')?.dataset.rowId ?? ''");
  }
}
