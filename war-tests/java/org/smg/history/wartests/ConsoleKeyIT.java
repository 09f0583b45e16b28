package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The console of a server that wants API keys, below a context root. */
@OnLiberty
@ExtendWith(Chromium.class)
@TestInstance(Lifecycle.PER_CLASS)
class ConsoleKeyIT {

  private static final String ROOT = "/chat";

  private LibertyServer server;
  private String key;
  private String reviewer;
  private String operator;
  private String conversation;

  private Browser browser;
  private ConsolePage page;

  @BeforeAll
  void start() {
    KeyRing keys = KeyRing.named("console");
    key = keys.create("acme", "alice", "history-user");
    reviewer = keys.create("acme", "rita", "history-reviewer");
    operator = keys.create("acme", "olga", "history-operator");
    Map<String, String> options = new TreeMap<>(TestBackend.MEMORY.options());
    options.putAll(keys.options("own"));
    options.put("HISTORY_CONSOLE", "true");
    server =
        LibertyServer.named("console-key")
            .environment(options)
            .override(
                "root.xml",
                "<server><webApplication id=\"history\" contextRoot=\"%s\"/></server>"
                    .formatted(ROOT))
            .start();
    conversation =
        Fixtures.stored(
                server
                    .http()
                    .with("Authorization: Bearer " + key)
                    .post(
                        ROOT + "/v1/conversations",
                        "{\"items\":[{\"role\":\"user\",\"content\":\"For my eyes.\"}]}"))
            .id();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @BeforeEach
  void reset(Browser shared) {
    browser = shared;
    browser.reset();
    page = new ConsolePage(browser, server.baseUrl() + ROOT);
  }

  @Test
  void theFilesNeedNoKeyAndTheHistoryDoes() {
    Answer folder = server.http().get(ROOT + "/console");

    assertThat(folder.header("Location")).isEqualTo("console/");
    assertThat(server.http().get(ROOT + "/console/").status()).isEqualTo(200);
    assertThat(server.http().get(ROOT + "/v1/conversations").status()).isEqualTo(401);
    assertThat(server.log()).contains("The console is on, at /console/ below the context root");
  }

  private void enter(String typed) {
    page.await("the question for a key", () -> page.count("dialog[data-role=\"key\"][open]") == 1);
    WebElement input = page.find("dialog[data-role=\"key\"] input[name=\"key\"]");
    input.clear();
    input.sendKeys(typed, Keys.ENTER);
  }

  private void begin() {
    browser.driver().get(page.address("conversations"));
  }

  private void awaitRows() {
    page.await("the list", () -> page.rows().equals(List.of(conversation)));
  }

  @Test
  void aKeyIsAskedForKeptNowhereAndGoneAfterAReload() {
    begin();
    enter(key);
    awaitRows();

    assertThat(page.url()).doesNotContain(key);
    assertThat(
            (String)
                browser.run(
                    "return JSON.stringify([localStorage, sessionStorage, document.cookie,"
                        + " document.documentElement.outerHTML,"
                        + " [...document.querySelectorAll('input')].map(input => input.value)])"))
        .doesNotContain(key);
    browser.driver().navigate().refresh();
    page.await("the question again", () -> page.count("dialog[data-role=\"key\"][open]") == 1);
  }

  @Test
  void aWrongKeyIsAskedForAgain() {
    begin();
    enter("hk_wrong");
    page.await(
        "the question again",
        () -> page.count("dialog[data-role=\"key\"][open]") == 1 && page.rows().isEmpty());
    enter(key);
    awaitRows();
  }

  @Test
  void aUserMayKeepTheKeyForThisTab() {
    begin();
    page.await("the question for a key", () -> page.count("dialog[data-role=\"key\"][open]") == 1);
    page.find("dialog[data-role=\"key\"] input[name=\"keep\"]").click();
    enter(key);
    awaitRows();
    browser.driver().navigate().refresh();
    awaitRows();

    assertThat((String) browser.run("return JSON.stringify(localStorage)")).doesNotContain(key);
    browser.run("sessionStorage.clear()");
  }

  @Test
  void whoMayNotReadContentsSeesTheRefusal() {
    begin();
    enter(operator);
    page.await("the refusal", () -> page.count("[data-role=\"error\"]") == 1);

    WebElement error = page.find("[data-role=\"error\"]");
    assertThat(page.text(error, "code")).contains("insufficient_permissions");
    assertThat(page.text(error, "request-id")).contains("req_");
    assertThat(page.rows()).isEmpty();
  }

  @Test
  void aReviewerIsAskedForTheReasonOnceAndItIsLogged() {
    begin();
    enter(reviewer);
    page.await("a question why", () -> page.count("dialog[data-role=\"reason\"][open]") == 1);
    page.find("dialog[data-role=\"reason\"] input[name=\"reason\"]")
        .sendKeys("Prüfung Nr. 7", Keys.ENTER);
    awaitRows();
    page.visit("conversations/" + conversation);

    assertThat(page.items()).hasSize(1);
    assertThat(page.count("dialog[data-role=\"reason\"][open]")).isZero();
    server.awaitLogged(
        ".*\\(user=rita tenant=acme reason=\"Prüfung Nr. 7\".* conversation_id=%s\\)"
            .formatted(conversation));
  }
}
