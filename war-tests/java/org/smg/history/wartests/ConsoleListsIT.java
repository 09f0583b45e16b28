package org.smg.history.wartests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;
import static org.smg.history.wartests.TestBackend.MEMORY;
import static org.smg.history.wartests.TestBackend.POSTGRES;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** Long lists, filters and addresses of the console: they say what the API says. */
@OnLiberty
@ExtendWith(Chromium.class)
@ServedBy({MEMORY, POSTGRES})
class ConsoleListsIT {

  /** What the page may hold at once, whatever the length of the conversation. */
  private static final int MOST_CARDS = 600;

  private final ApplicationServer server;
  private final Http http;
  private final Browser browser;
  private final ConsolePage page;
  private final String team = Fixtures.unique("team");

  ConsoleListsIT(ApplicationServer server, Browser browser) {
    this.server = server;
    this.http = server.http();
    this.browser = browser;
    this.page = new ConsolePage(browser, server.baseUrl());
  }

  @BeforeEach
  void reset() {
    browser.reset();
  }

  private String list() {
    return "conversations?metadata%5Bteam%5D=" + team;
  }

  private List<String> conversations(int number) {
    return IntStream.range(0, number)
        .mapToObj(
            i ->
                stored(
                        http.post(
                            "/v1/conversations",
                            "{\"metadata\":{\"team\":\"%s\",\"n\":\"%d\"}}".formatted(team, i)))
                    .id())
        .toList();
  }

  /** A conversation of so many messages, made in one step. */
  private String longConversation(int items) {
    String conversation = Fixtures.conversation(http);
    Fixtures.response(
        http,
        "{\"conversation\":\"%s\",\"model\":\"%s\",\"input\":[%s],\"output\":[]}"
            .formatted(
                conversation,
                team,
                Fixtures.messages(
                    IntStream.rangeClosed(1, items).mapToObj(i -> "Message " + i).toList())));
    return conversation;
  }

  private List<String> itemIds(String conversation) {
    List<String> ids = new ArrayList<>();
    String after = "";
    Answer answer;
    do {
      answer = stored(http.get(Fixtures.items(conversation) + "?order=asc&limit=100" + after));
      ids.addAll(answer.ids());
      after = "&after=" + ids.get(ids.size() - 1);
    } while (answer.json().path("has_more").booleanValue());
    return ids;
  }

  @Test
  void aLongConversationIsReadForwardAndBackWithoutAGap() {
    String conversation = longConversation(1_000);
    List<String> expected = itemIds(conversation);
    page.open("conversations/" + conversation);
    assertThat(page.items().get(0)).isEqualTo(expected.get(0));
    assertThat(page.count("[data-role=\"transcript-end\"][data-more=\"true\"]")).isEqualTo(1);

    assertThat(read("end", true)).containsExactlyElementsOf(expected);

    assertThat(page.find("[data-role=\"transcript-end\"]").getText()).isNotBlank();
    assertThat(read("start", false)).containsExactlyElementsOf(expected);
  }

  /** Reads to one end of the transcript, and tells every item that was there, in order. */
  private List<String> read(String end, boolean forward) {
    List<String> seen = new ArrayList<>(page.items());
    String last = "[data-role=\"transcript-%s\"][data-more=\"false\"]".formatted(end);
    while (page.count(last) == 0) {
      List<String> before = page.items();
      // Near the end, the page goes on by itself.
      browser.run(
          "document.querySelector('[data-role=\"transcript-%s\"]').scrollIntoView()"
              .formatted(end));
      page.await("more", () -> !page.items().equals(before) || page.count(last) == 1);
      List<String> now = page.items();
      assertThat(now).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(MOST_CARDS);
      add(seen, now, forward);
    }
    return seen;
  }

  /** Adds what follows, which has to join what was seen without a gap. */
  private static void add(List<String> seen, List<String> now, boolean forward) {
    String edge = seen.get(forward ? seen.size() - 1 : 0);
    int at = now.indexOf(edge);
    assertThat(at).as("the page goes on where it was: " + edge).isNotNegative();
    if (forward) {
      seen.addAll(now.subList(at + 1, now.size()));
    } else {
      seen.addAll(0, now.subList(0, at));
    }
  }

  @Test
  void aLinkLeadsToAnItemInTheMiddle() {
    String conversation = longConversation(300);
    List<String> expected = itemIds(conversation);
    String item = expected.get(150);
    page.open("conversations/" + conversation + "?item=" + item);

    WebElement card = page.card(item);
    page.await(
        "the item in sight",
        () ->
            Boolean.TRUE.equals(
                browser.run(
                    "const box = arguments[0].getBoundingClientRect();"
                        + " return box.top >= 0 && box.top < innerHeight;",
                    card)));
    List<String> shown = page.items();
    int at = expected.indexOf(shown.get(0));
    assertThat(shown).isEqualTo(expected.subList(at, at + shown.size()));
    assertThat(page.count("[data-role=\"transcript-start\"][data-more=\"true\"]")).isEqualTo(1);
    assertThat(page.count("[data-role=\"transcript-end\"][data-more=\"true\"]")).isEqualTo(1);
  }

  @Test
  void aListGoesOnToItsEndAndNamesIt() {
    List<String> made = conversations(45);
    page.open(list());
    while (page.count("[data-role=\"list-end\"][data-more=\"true\"]") == 1) {
      int before = page.rows().size();
      page.click("more");
      page.await("the next page", () -> page.rows().size() > before);
    }

    assertThat(page.rows()).containsExactlyElementsOf(reversed(made));
    assertThat(page.find("[data-role=\"list-end\"]").getText()).contains("45");
  }

  private static List<String> reversed(List<String> list) {
    return IntStream.rangeClosed(1, list.size()).mapToObj(i -> list.get(list.size() - i)).toList();
  }

  @Test
  void anAddressShowsTheSameAfterReloadBackForwardAndInASecondTab() {
    List<String> made = conversations(3);
    String first = "conversations/" + made.get(1);
    page.open(list());
    page.visit(first);
    browser.driver().navigate().back();
    page.await("the list again", () -> page.url().endsWith(list()));
    assertThat(page.settled().rows()).containsExactlyElementsOf(reversed(made));
    browser.driver().navigate().forward();
    page.await("the conversation again", () -> page.url().endsWith(first));
    browser.driver().navigate().refresh();
    page.await("the conversation", () -> "conversation".equals(page.attribute("view")));
    page.settled();
    assertThat(page.find("[data-role=\"reader\"]").getText()).contains(made.get(1));

    String address = page.address(list());
    browser.driver().switchTo().newWindow(WindowType.TAB);
    browser.driver().get(address);
    page.await("the list in a second tab", () -> page.rows().equals(reversed(made)));
  }

  @Test
  void nextAndPreviousFollowTheListAsItWasFiltered() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      made.add(conversations(1).get(0));
      Fixtures.conversation(http);
    }
    page.open(list());
    browser.run("document.querySelector('[data-row-id=\"%s\"]').click()".formatted(made.get(2)));
    awaitConversation(made.get(2));
    page.click("next");
    awaitConversation(made.get(1));
    page.click("next");
    awaitConversation(made.get(0));
    page.click("previous");
    awaitConversation(made.get(1));
  }

  private void awaitConversation(String id) {
    page.await(
        "the conversation " + id,
        () ->
            page.url().contains("conversations/" + id)
                && "conversation".equals(page.attribute("view")));
    page.settled();
  }

  @Test
  void everyFilterIsInTheAddressAndSaysWhatTheApiSays() {
    String conversation = conversations(2).get(0);
    String response =
        Fixtures.response(
            http,
            ("{\"conversation\":\"%1$s\",\"model\":\"%2$s\",\"user\":\"%2$s-u\",\"safety_identifier\":\"%2$s-s\","
                    + "\"status\":\"incomplete\",\"metadata\":{\"team\":\"%2$s\"}}")
                .formatted(conversation, team));
    Fixtures.response(http, "{\"model\":\"%s\"}".formatted(team));
    stored(
        http.post(
            "/v1/responses/" + response + "/feedback",
            "{\"rating\":\"negative\",\"author\":\"%s-a\"}".formatted(team)));

    Map<String, Map<String, String>> filters =
        Map.of(
            "conversations",
            Map.of("created_after", "1700000000", "created_before", "1700000000"),
            "responses",
            Map.of(
                "model",
                team,
                "status",
                "incomplete",
                "conversation",
                conversation,
                "user",
                team + "-u",
                "safety_identifier",
                team + "-s",
                "created_after",
                "1700000000"),
            "feedback",
            Map.of(
                "rating",
                "negative",
                "response_id",
                response,
                "conversation_id",
                conversation,
                "model",
                team,
                "author",
                team + "-a",
                "created_before",
                "1700000000"));
    filters.forEach(
        (noun, fields) ->
            fields.forEach(
                (field, value) -> {
                  String query = field + "=" + URLEncoder.encode(value, UTF_8);
                  page.open(noun + "?" + query);

                  assertThat(page.rows())
                      .as(noun + "?" + query)
                      .isEqualTo(
                          stored(
                                  http.get(
                                      "/v1/"
                                          + noun
                                          + "?limit=%d&".formatted(Math.max(1, page.rows().size()))
                                          + query))
                              .ids());
                  assertThat(page.count("[data-chip=\"%s\"]".formatted(field))).isEqualTo(1);
                }));

    page.open("responses");
    page.filter("model", team);
    page.await("the filter in the address", () -> page.url().contains("model=" + team));
    page.await("two responses", () -> page.rows().size() == 2);
    page.filter("user", team + "-u");
    page.await("one response", () -> page.rows().equals(List.of(response)));
    browser.run("document.querySelector('[data-chip=\"user\"] button').click()");
    page.await("two responses again", () -> page.rows().size() == 2);
    assertThat(page.url()).contains("model=" + team).doesNotContain("user=");
  }

  @Test
  void aBadValueShowsTheErrorOfTheApi() {
    page.open("conversations?created_after=yesterday");

    assertThat(page.state()).isEqualTo("error");
    WebElement error = page.find("[data-role=\"error\"]");
    Refusal refusal = Refusal.of(http.get("/v1/conversations?created_after=yesterday"));
    assertThat(page.text(error, "message")).contains(refusal.message());
    assertThat(page.text(error, "code")).contains(refusal.code());
    assertThat(page.text(error, "request-id")).contains("req_");
  }

  @Test
  void whatIsGoneIsSaidInWords() {
    page.open("conversations/conv_of_nobody");

    assertThat(page.state()).isEqualTo("error");
    assertThat(page.find("[data-role=\"error\"]").getText()).contains("conv_of_nobody");
  }

  @Test
  void anOutageIsShownAndEnds() throws IOException {
    List<String> made = conversations(2);
    try (Gate gate = Gate.before(server)) {
      ConsolePage behind = new ConsolePage(browser, gate.baseUrl());
      gate.shut(true);
      behind.open(list());
      assertThat(behind.state()).isEqualTo("error");
      assertThat(behind.find("[data-role=\"error\"]").getText())
          .contains("Not at the moment.", "req_of_the_gate");
      gate.shut(false);
      behind.click("retry");
      behind.await("the list", () -> behind.rows().equals(reversed(made)));
    }
  }

  @Test
  void anExportIsOneFileWithEverythingInIt() throws IOException {
    String conversation = longConversation(250);
    List<String> expected = itemIds(conversation);
    String response =
        Fixtures.response(
            http,
            "{\"conversation\":\"%s\",\"x\":12345678901234567890,\"input\":\"y\",\"output\":[]}"
                .formatted(conversation));
    stored(http.post("/v1/responses/" + response + "/feedback", "{\"rating\":\"positive\"}"));
    Path folder =
        Files.createDirectories(
            Path.of(System.getProperty("work")).toAbsolutePath().resolve("downloads"));
    Path file = folder.resolve(conversation + ".json");
    Files.deleteIfExists(file);
    browser.command(
        "Browser.setDownloadBehavior",
        Map.of("behavior", "allow", "downloadPath", folder.toString()));
    page.open("conversations/" + conversation);
    page.click("export");
    page.await("the file " + file, () -> Files.exists(file) && inProgress(folder).isEmpty());

    Answer export = new Answer(List.of(), Files.readAllBytes(file));
    assertThat(export.json().path("conversation").path("id").textValue()).isEqualTo(conversation);
    assertThat(export.json().path("items").findValuesAsText("id"))
        .hasSize(251)
        .startsWith(expected.toArray(String[]::new));
    assertThat(export.json().path("responses")).hasSize(2);
    assertThat(export.json().path("feedback")).hasSize(1);
    assertThat(export.text()).contains("\"x\":12345678901234567890");
  }

  private static List<Path> inProgress(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".crdownload")).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anIdLeadsToWhatItNames() {
    String conversation = conversations(1).get(0);
    page.open(list());
    WebElement go = page.find("input[name=\"goto\"]");
    go.sendKeys(conversation, org.openqa.selenium.Keys.ENTER);

    awaitConversation(conversation);
  }
}
