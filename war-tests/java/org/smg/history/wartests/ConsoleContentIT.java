package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;

import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** What people and models wrote, as the console shows it: hostile, huge, unknown, of any script. */
@OnLiberty
@ExtendWith(Chromium.class)
@ServedBy({MEMORY, POSTGRES})
class ConsoleContentIT {

  /** What would run, load or leak something, if it became more than text. */
  private static final List<String> HOSTILE =
      List.of(
          "<script>window.pwned=1</script><img src=x onerror=\"window.pwned=1;alert(1)\">",
          "<img src=\"https://evil.example/a.png\" srcset=\"https://evil.example/b.png 2x\">",
          "![a](https://evil.example/c.png) ![b](//evil.example/d.png \"t\")",
          "[click](javascript:window.pwned=1) [b](data:text/html,<script>window.pwned=1</script>)",
          "<https://evil.example/e> https://evil.example/f?<script>window.pwned=1</script>",
          "<svg onload=\"window.pwned=1\"><use href=\"https://evil.example/g.svg#x\"/></svg>",
          "<iframe src=\"https://evil.example/h\" srcdoc=\"<script>parent.pwned=1</script>\"></iframe>",
          "<style>@import url(https://evil.example/i.css);*{background:url(https://evil.example/j)}</style>",
          "<link rel=prefetch href=https://evil.example/k><link rel=dns-prefetch href=//evil.example>",
          "<meta http-equiv=refresh content=\"0;url=https://evil.example/l\"><base href=https://evil.example/>",
          "<form action=https://evil.example/m><input autofocus onfocus=window.pwned=1></form>",
          "```html\n<script>window.pwned=1</script>\n```\n`<img src=x onerror=window.pwned=1>`",
          "# <b onmouseover=window.pwned=1>x</b>\n- <a href=javascript:window.pwned=1>y</a>\n\n| <i> | b |\n|-|-|",
          "\"><script>window.pwned=1</script> ' onclick='window.pwned=1' {{constructor.constructor('window.pwned=1')()}}",
          "{\"__proto__\": {\"pwned\": 1}, \"constructor\": 1} ${window.pwned=1} \\u003cscript>");

  private final Http http;
  private final Browser browser;
  private final ConsolePage page;

  ConsoleContentIT(ApplicationServer server, Browser browser) {
    this.http = server.http();
    this.browser = browser;
    this.page = new ConsolePage(browser, server.baseUrl());
  }

  @BeforeEach
  void reset() {
    browser.reset();
  }

  private static String quoted(String text) {
    return TextNode.valueOf(text).toString();
  }

  private String conversation(String items) {
    return stored(http.post("/v1/conversations", "{\"items\":[%s]}".formatted(items))).id();
  }

  private List<String> itemIds(String conversation) {
    return stored(http.get(Fixtures.items(conversation) + "?order=asc&limit=100")).ids();
  }

  @Test
  void aLinkShowsItsHostAndIsOpenedByItsButtonAlone() {
    String conversation =
        conversation(
            "{\"role\":\"user\",\"content\":\"See [our bank](https://evil.example/a?b=c).\"}");
    page.open("conversations/" + conversation);
    WebElement card = page.card(itemIds(conversation).get(0));
    browser.run("window.opened = []; window.open = (...given) => { window.opened.push(given); }");

    assertThat(page.text(card, "formatted")).contains("our bank", "evil.example");
    assertThat(page.count("article a[href*=\"evil.example\"]")).isZero();
    card.findElement(By.cssSelector("[data-part=\"formatted\"]")).click();
    assertThat(browser.run("return window.opened.length")).isEqualTo(0L);
    page.click(card, "open-link");
    assertThat(browser.run("return JSON.stringify(window.opened)"))
        .isEqualTo("[[\"https://evil.example/a?b=c\",\"_blank\",\"noopener,noreferrer\"]]");
  }

  @Test
  void hostileTextsStayTexts() {
    String metadata =
        "{\"<img src=x onerror=window.pwned=1>\": \"<script>window.pwned=1</script>\"}";
    String conversation =
        stored(http.post("/v1/conversations", "{\"metadata\":%s}".formatted(metadata))).id();
    StringBuilder output = new StringBuilder();
    for (String text : HOSTILE) {
      output.append(
          (",{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":%1$s,"
                  + "\"annotations\":[{\"type\":\"url_citation\",\"url\":%1$s,\"title\":%1$s}]}]}"
                  + ",{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":%1$s}]}"
                  + ",{\"type\":\"mcp_call\",\"server_label\":%1$s,\"name\":%1$s,\"arguments\":%1$s,\"output\":%1$s}"
                  + ",{\"type\":%2$s,\"text\":%1$s}"
                  + ",{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":%1$s},"
                  + "{\"type\":\"input_file\",\"file_url\":%1$s,\"filename\":%1$s}]}")
              .formatted(quoted(text), quoted(text.replace('\n', ' '))));
    }
    String response =
        Fixtures.response(
            http,
            "{\"conversation\":\"%s\",\"model\":\"<b onclick=window.pwned=1>\",\"input\":\"x\",\"output\":[%s]}"
                .formatted(conversation, output.substring(1)));
    stored(
        http.post(
            "/v1/responses/" + response + "/feedback",
            "{\"rating\":\"negative\",\"comment\":%1$s,\"author\":\"<script>window.pwned=1</script>\"}"
                .formatted(quoted(HOSTILE.get(0)))));

    page.open("conversations/" + conversation);
    readToTheEnd();
    assertHarmless();
    List<String> ids = itemIds(conversation);
    for (int i = 0; i < 4; i++) {
      WebElement card = page.card(ids.get(1 + i * 5));
      page.click(card, "stored");
      assertThat(page.text(card, "stored")).contains(HOSTILE.get(i));
    }
    for (String route :
        List.of(
            "conversations",
            "responses?conversation=" + conversation,
            "responses/" + response,
            "feedback?conversation_id=" + conversation)) {
      page.visit(route);
      assertHarmless();
    }
    assertThat(browser.messages()).isEmpty();
    assertThat(browser.requests())
        .isNotEmpty()
        .noneMatch(address -> address.contains("evil.example") && !address.contains("/v1/"));
  }

  private void assertHarmless() {
    assertThat(browser.run("return String(window.pwned) + String(({}).pwned)"))
        .isEqualTo("undefinedundefined");
    assertThat(
            page.strings(
                """
                [...document.querySelectorAll("main *")].filter(element =>
                  ["SCRIPT", "IFRAME", "IMG", "OBJECT", "EMBED", "LINK", "STYLE", "META", "BASE",
                   "VIDEO", "AUDIO", "SOURCE"].includes(element.tagName)
                  || (element.hasAttribute("href")
                      && !element.getAttribute("href").startsWith("#"))
                  || [...element.attributes].some(attribute => attribute.name.startsWith("on")
                      || ["src", "srcset", "style", "action"].includes(attribute.name)))
                  .map(element => element.outerHTML.slice(0, 200))
                """))
        .isEmpty();
  }

  /** Loads all pages of the transcript, as somebody does who reads on. */
  private void readToTheEnd() {
    page.await(
        "the end",
        () -> {
          if (page.count("[data-role=\"transcript-end\"][data-more=\"false\"]") == 1) {
            return true;
          }
          List<WebElement> later = page.all("button[data-action=\"later\"]");
          if (!later.isEmpty() && later.get(0).isDisplayed() && later.get(0).isEnabled()) {
            browser.run("arguments[0].click()", later.get(0));
          }
          return false;
        });
  }

  @Test
  void textsThatAreHugeOrMadeToStallAreReadableAtOnce() {
    String huge = "All work and no play. ".repeat(100_000);
    String stalling =
        "[x](".repeat(4_096) + ">".repeat(2_000) + "*_`".repeat(4_000) + "#".repeat(9_000);
    String conversation =
        conversation(
            "{\"role\":\"user\",\"content\":%s},{\"role\":\"user\",\"content\":%s}"
                .formatted(quoted(huge), quoted(stalling)));
    List<String> ids = itemIds(conversation);

    Instant begin = Instant.now();
    page.open("conversations/" + conversation);
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(2));
    assertThat(page.count("*")).isLessThan(5_000);

    WebElement card = page.card(ids.get(0));
    assertThat(page.text(card, "formatted").length()).isLessThan(100_000);
    page.click(card, "show-all");
    page.await(
        "all of the text",
        () ->
            card.getDomProperty("textContent").length() > huge.length()
                || page.text(card, "stored").contains(huge));
    assertThat(copied(card, "copy-text")).isEqualTo(huge);
    WebElement other = page.card(ids.get(1));
    page.click(other, "stored");
    assertThat(copied(other, "copy-text")).isEqualTo(stalling);
  }

  /** What a button puts on the clipboard, which a test may not read: the page's call is caught. */
  private String copied(WebElement card, String action) {
    browser.run(
        """
        window.copied = null;
        navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve(); };
        """);
    page.click(card, action);
    page.await(
        "what was copied", () -> Boolean.TRUE.equals(browser.run("return window.copied !== null")));
    return (String) browser.run("return window.copied");
  }

  @Test
  void whatNobodyKnowsIsShownAndRawMeansTheBytesOfTheAnswer() {
    String item =
        "{\"type\":\"quantum_call\",\"b\":12345678901234567890,\"2\":1,\"1\":1.0,\"a\":1,\"a\":2,"
            + "\"e\":1E400,\"z\":-0.0,\"t\":\"\\u0041\\ud800\\/\",\"n\":null,\"o\":{\"y\":[],\"x\":{}}}";
    String conversation = conversation(item);
    String id = itemIds(conversation).get(0);
    String answered = stored(http.get(Fixtures.items(conversation) + "/" + id)).text();

    page.open("conversations/" + conversation);
    WebElement card = page.card(id);
    assertThat(card.getDomAttribute("data-type")).isEqualTo("quantum_call");
    assertThat(card.getText()).contains("quantum_call", "12345678901234567890", "1E400", "-0.0");
    page.click(card, "raw");

    assertThat(withoutSpace(page.text(card, "raw"))).isEqualTo(withoutSpace(answered));
    assertThat(copied(card, "copy-json")).isEqualTo(answered);
    assertThat(copied(card, "copy-curl")).startsWith("curl ").contains("/v1/conversations/", id);
  }

  private static String withoutSpace(String json) {
    return json.replaceAll("\\s", "");
  }

  @Test
  void everyScriptHasItsDirectionAndNothingIsInvisible() {
    String conversation =
        conversation(
            "{\"role\":\"user\",\"content\":%s},{\"role\":\"user\",\"content\":%s}"
                .formatted(
                    quoted("مرحبا Open Liberty 26\n\nHello in English"),
                    quoted("user\u202Etxt.exe\u200B \uDB40\uDC41\uDB40\uDC42 \u2066x\u2069 end")));
    List<String> ids = itemIds(conversation);
    page.open("conversations/" + conversation);

    WebElement arabic = page.card(ids.get(0));
    Object directions =
        browser.run(
            """
            const formatted = arguments[0].querySelector('[data-part="formatted"]');
            const of = text => {
              const walker = document.createTreeWalker(formatted, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                if (walker.currentNode.data.includes(text)) {
                  return getComputedStyle(walker.currentNode.parentElement).direction;
                }
              }
              return "none";
            };
            return of("Liberty") + " " + of("English");
            """,
            arabic);
    assertThat(directions).isEqualTo("rtl ltr");

    page.card(ids.get(1));
    assertThat(
            page.strings(
                "[...document.querySelectorAll('[data-part=\"formatted\"] [data-mark]')].map("
                    + "mark => mark.dataset.mark + ' ' + (mark.getBoundingClientRect().width > 5))"))
        .containsExactly(
            "U+202E true", "U+200B true", "tags: AB true", "U+2066 true", "U+2069 true");
    // What stands behind a mark is behind it on the screen, too.
    assertThat(
            (Boolean)
                browser.run(
                    """
                    const part = arguments[0].querySelector('[data-part="formatted"]');
                    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
                    const lefts = [];
                    while (walker.nextNode()) {
                      const at = walker.currentNode.data.search(/user|txt|end/);
                      if (at >= 0) {
                        const range = document.createRange();
                        range.setStart(walker.currentNode, at);
                        range.setEnd(walker.currentNode, at + 1);
                        lefts.push(range.getBoundingClientRect().left);
                      }
                    }
                    return lefts.length === 3 && lefts[0] < lefts[1] && lefts[1] < lefts[2];
                    """,
                    page.card(ids.get(1))))
        .isTrue();
  }
}
