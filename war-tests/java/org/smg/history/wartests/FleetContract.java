package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.items;
import static org.smg.history.wartests.Fixtures.stored;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What clients may rely on when several servers share a backend and no session is sticky. */
interface FleetContract {

  List<Http> servers();

  private Http first() {
    return servers().get(0);
  }

  private Http second() {
    return servers().get(1);
  }

  private RoundRobin inTurn() {
    return new RoundRobin(servers());
  }

  @Test
  default void whatOneServerStoresTheOtherServes() {
    Http one = first();
    Http other = second();

    String conversation = Fixtures.conversation(one, List.of("1", "2"));
    stored(other.post(items(conversation), "{\"items\":[%s]}".formatted(message("3"))));
    stored(one.post(items(conversation), "{\"items\":[%s]}".formatted(message("4"))));
    stored(other.post("/v1/conversations/" + conversation, "{\"metadata\":{\"a\":\"b\"}}"));

    String path = items(conversation) + "?order=asc";
    assertThat(one.get(path).ids()).hasSize(4).isEqualTo(other.get(path).ids());
    assertThat(one.get("/v1/conversations/" + conversation).text())
        .contains("\"a\":\"b\"")
        .isEqualTo(other.get("/v1/conversations/" + conversation).text());
    stored(one.delete("/v1/conversations/" + conversation));
    assertThat(other.get("/v1/conversations/" + conversation).status()).isEqualTo(404);
  }

  @Test
  default void aCursorOfOneServerIsGoodOnTheOther() {
    String conversation =
        Fixtures.conversation(first(), IntStream.range(0, 15).mapToObj(Integer::toString).toList());
    List<String> all = first().get(items(conversation) + "?order=asc").ids();
    RoundRobin inTurn = inTurn();

    List<String> paged = new ArrayList<>();
    String after = "";
    for (int page = 0; page < 5; page++) {
      paged.addAll(inTurn.get(items(conversation) + "?order=asc&limit=3" + after).ids());
      after = "&after=" + paged.get(paged.size() - 1);
    }

    assertThat(paged).hasSize(15).isEqualTo(all);
  }

  @Test
  default void bothServersShowTheirFiguresWhileTheyWork() {
    RoundRobin inTurn = inTurn();
    String conversation = Fixtures.conversation(first());
    List<Scrape> before = servers().stream().map(Scrape::of).toList();
    List<Scrape> last = before;
    int stored;
    try (Writers writers = new Writers(inTurn, conversation)) {
      for (int round = 0; round < 5; round++) {
        writers.awaitWrites(20);
        last = scrapedAfter(last);
      }
      writers.finish();
      stored = inTurn.itemIds(conversation).size();
    }

    double counted = 0;
    for (int i = 0; i < servers().size(); i++) {
      String items = "storage_type=\"conversation_item\"";
      double more =
          Scrape.of(servers().get(i)).value("smg_db_items_stored", items)
              - before.get(i).value("smg_db_items_stored", items);
      assertThat(more).isPositive();
      counted += more;
    }
    // Each server counts its own; a turn that is repeated is counted again.
    assertThat(counted).isGreaterThanOrEqualTo(stored);
  }

  /** Scrapes each server once more: what it counts goes on from where it was. */
  private List<Scrape> scrapedAfter(List<Scrape> earlier) {
    List<Scrape> scraped = servers().stream().map(Scrape::of).toList();
    for (int i = 0; i < scraped.size(); i++) {
      scraped.get(i).assertCountsOnFrom(earlier.get(i));
    }
    return scraped;
  }

  @Test
  default void aTurnThatIsRepeatedOnAnotherServerIsTheSameTurn() {
    String conversation = Fixtures.conversation(first());
    String path = "/v1/responses/" + Fixtures.unique("resp");
    String turn =
        "{\"conversation\":\"%s\",\"input\":\"ping\",\"output\":[{\"type\":\"x\"}]}"
            .formatted(conversation);

    Answer recorded = stored(first().put(path, turn));
    Answer repeated = stored(second().put(path, turn));

    assertThat(repeated.text()).isEqualTo(recorded.text());
    assertThat(first().get(items(conversation)).ids()).hasSize(2);
    assertThat(Refusal.of(second().put(path, turn.replace("ping", "other"))).code())
        .isEqualTo("response_already_recorded");
  }

  @Test
  default void aTurnThatIsSentToBothAtOnceIsRecordedOnce() {
    String conversation = Fixtures.conversation(first());
    RoundRobin inTurn = inTurn();

    for (int i = 0; i < 10; i++) {
      String path = "/v1/responses/" + Fixtures.unique("resp");
      String turn =
          "{\"conversation\":\"%s\",\"input\":\"ping\",\"output\":[]}".formatted(conversation);
      List<Answer> answers =
          IntStream.range(0, 4)
              .parallel()
              .mapToObj(each -> stored(inTurn.send("PUT", path, turn)))
              .toList();
      assertThat(answers).extracting(Answer::text).containsOnly(answers.get(0).text());
    }

    assertThat(inTurn.itemIds(conversation)).hasSize(10);
  }

  @Test
  default void appendsThroughAllServersKeepTheOrderAlsoForThoseWhoRead() {
    RoundRobin inTurn = inTurn();
    String conversation = Fixtures.conversation(first());
    List<String> seen;
    List<String> all;
    try (Writers writers = new Writers(inTurn, conversation)) {
      writers.awaitWrites(100);
      seen = inTurn.itemIds(conversation);
      writers.awaitWrites(50);
      writers.finish();
      all = inTurn.itemIds(conversation);
      writers.assertKept(all);
    }
    assertThat(all).startsWith(seen.toArray(String[]::new));
    assertThat(first().get(items(conversation) + "?limit=100").ids())
        .isEqualTo(second().get(items(conversation) + "?limit=100").ids());
  }

  private static String message(String text) {
    return Fixtures.messages(List.of(text));
  }
}
