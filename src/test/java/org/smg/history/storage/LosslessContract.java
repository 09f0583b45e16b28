package org.smg.history.storage;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Rating;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;

/** What comes back is what was stored, to the byte; and ids are what a client says they are. */
public interface LosslessContract extends StorageUnderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"n\":[1E2,1e2,100,100.0,0.1000,-0.0,-0,0,1e400,-1e-400,12345678901234567890123]}",
        "{\"n\":0.30000000000000000000000000000000000000000000000000000000000000004}",
        "{\"unknown\":{\"deeply\":[{\"unknown\":null}]},\"type\":\"brand_new_call\"}",
        "{\"a\":null,\"b\":[null,null],\"c\":{\"d\":null}}",
        "{\"t\":\"\\u0000\",\"\\u0000\":\"a\\u0000b\"}",
        "{\"t\":\"\\ud800\",\"u\":\"\\udc00\\ud800\",\"v\":\"x\\uDBFFy\"}",
        "{\"\":\"\",\" \":\" \",\"e\":{},\"l\":[]}",
        "{\"z\":1,\"a\":2,\"m\":3,\"A\":4,\"aa\":5,\"b\":6}",
        "{ \"a\" :\t1 ,\n\r  \"b\" : [ 1 , 2 ] }  ",
        "{\"t\":\"\\/\\u002f\\u0041\\n\\\"\\\\\\b\\f\",\"e\":\"\\uD83D\\uDE00\"}",
        "{\"t\":\"Grüße, 漢字, עברית, e\u0301 is not \u00e9, \u2028\u2029\ufeff\uffff\"}",
        "{\"t\":\"\uD83D\uDE00 \uD83D\uDC69\u200D\uD83D\uDCBB \uD834\uDD1E\",\"\uD83D\uDE00\":1}",
        "{\"t\":\"'; DROP TABLE items; -- ${a} #{b} ?1 :x %s {0} \\\\\"}",
        "{\"a\":1,\"a\":2,\"a\":1}",
        "{\"t\":\"\u007f\u0080\u009f\u00a0\u200b\"}"
      })
  default void jsonComesBackAsItWasSent(String json) {
    assertKept(json);
  }

  @Test
  default void deepNestingComesBackAsItWasSent() {
    assertKept("{\"a\":".repeat(50) + "[".repeat(50) + "]".repeat(50) + "}".repeat(50));
  }

  @Test
  default void longStringsComeBackAsTheyWereSent() {
    // Lengths around those at which databases switch to other ways of keeping texts.
    for (int length :
        new int[] {1_999, 2_000, 3_999, 4_000, 4_001, 8_191, 32_767, 32_768, 65_536}) {
      assertKept("{\"t\":\"" + "ä".repeat(length) + "\"}");
    }
    assertKept("{\"t\":\"" + "0123456789abcde漢".repeat(2 << 16) + "\"}");
  }

  @Test
  default void manyMembersComeBackInTheirOrder() {
    List<String> members = new ArrayList<>();
    for (int number = 2_000; number > 0; number--) {
      members.add("\"%x\":%d".formatted(number * 7919, number));
    }

    assertKept("{" + String.join(",", members) + "}");
  }

  @Test
  default void everyTypeOfItemIsKept() {
    SampleTenant tenant = freshTenant();
    Item[] items = {
      new Item("rs_1", "reasoning", JsonText.of("{\"encrypted_content\":\"gAAAA=\"}")),
      new Item("x_1", "a type of tomorrow \uD83D\uDE00", JsonText.of("{}")),
      new Item("x_2", "x".repeat(255), JsonText.of("{\"id\":\"another\",\"type\":\"another\"}"))
    };

    Key conversation = tenant.conversation("conv_a", items);

    assertThat(tenant.items(conversation)).containsExactly(items);
  }

  @Test
  default void metadataIsKeptInItsOrderAndToTheLetter() {
    SampleTenant tenant = freshTenant();
    Metadata labels =
        labels(
            "z",
            "1",
            "a",
            "2",
            "",
            "",
            "A",
            " 3 ",
            "ключ",
            "\uD83D\uDE00",
            "q\"'\\",
            "a\nb\tc",
            "%_*",
            "x".repeat(512),
            "k".repeat(64),
            "null",
            "e\u0301",
            "\u00e9");
    Conversation conversation = Samples.conversation(tenant.key("conv_a"), 0, labels);
    storage().conversations().create(scopeOf(conversation.key()), conversation, List.of());
    tenant.record(tenant.turn("resp_a").metadata(labels));
    tenant
        .storage()
        .feedback()
        .add(
            scopeOf(feedback(tenant, labels, "comment").key()),
            feedback(tenant, labels, "comment"));

    assertThat(
            entries(
                storage()
                    .conversations()
                    .find(scopeOf(conversation.key()), conversation.key().id())
                    .orElseThrow()
                    .metadata()))
        .isEqualTo(entries(labels));
    assertThat(
            entries(storage().responses().find(tenant.scope(), "resp_a").orElseThrow().metadata()))
        .isEqualTo(entries(labels));
    assertThat(entries(storage().feedback().find(tenant.scope(), "fb_a").orElseThrow().metadata()))
        .isEqualTo(entries(labels));
    ResponseListContract.FilterBuilder.of(tenant)
        .metadata(labels)
        .list(storage())
        .assertEntries(List.of("resp_a"));
  }

  @Test
  default void controlCharactersInMetadataAreKept() {
    SampleTenant tenant = freshTenant();
    Metadata labels = labels("bell", "a\u0007b", "\u0001", "\u001f\u007f");
    Conversation conversation = Samples.conversation(tenant.key("conv_a"), 0, labels);

    storage().conversations().create(scopeOf(conversation.key()), conversation, List.of());

    assertThat(storage().conversations().find(scopeOf(conversation.key()), conversation.key().id()))
        .contains(conversation);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "null", "a\nb\t\"'\\%", "\uD83D\uDE00 e\u0301 \u00e9", "a\u0001b"})
  default void aCommentIsKeptToTheLetter(String comment) {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a"));

    storage()
        .feedback()
        .add(
            scopeOf(feedback(tenant, Metadata.NONE, comment).key()),
            feedback(tenant, Metadata.NONE, comment));

    assertThat(storage().feedback().find(tenant.scope(), "fb_a"))
        .map(Feedback::comment)
        .contains(comment);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\u2205", "x ", "null"})
  default void aFieldIsKeptToTheLetter(String value) {
    SampleTenant tenant = freshTenant();
    TurnBuilder turn =
        tenant
            .turn("resp_a")
            .model(value)
            .user(value)
            .safetyIdentifier(value)
            .fingerprint(value)
            .metadata(labels(value, value));
    tenant.record(turn);
    tenant.record(tenant.turn("resp_b").model(null).user(null).safetyIdentifier(null));
    Item item = new Item("item_a", value, JsonText.of("{}"));
    Key conversation = tenant.conversation("conv_a", item);
    Key linked = tenant.conversation("conv_b", Samples.reference("item_a"));
    Feedback feedback =
        Samples.feedback(tenant.key("fb_a"), "resp_a", Rating.POSITIVE, value, 0)
            .about(turn.response());
    storage().feedback().add(scopeOf(feedback.key()), feedback);

    assertThat(storage().responses().find(tenant.scope(), "resp_a")).contains(turn.response());
    assertThat(storage().responses().chain(tenant.scope(), "resp_a", 1).data())
        .containsExactly(turn.response());
    assertThat(tenant.record(turn)).isEqualTo(turn.response());
    ResponseListContract.FilterBuilder.of(tenant)
        .model(value)
        .user(value)
        .safetyIdentifier(value)
        .metadata(labels(value, value))
        .list(storage())
        .assertEntries(List.of("resp_a"));
    assertThat(tenant.items(conversation)).containsExactly(item);
    assertThat(tenant.items(linked)).containsExactly(item);
    assertThat(storage().feedback().find(tenant.scope(), "fb_a")).contains(feedback);
    assertThat(
            storage()
                .feedback()
                .list(
                    tenant.scope(),
                    new FeedbackFilter(null, null, null, value, value, TimeRange.ALWAYS),
                    new PageRequest(10, Order.ASC, null))
                .data())
        .containsExactly(feedback);
  }

  /** Oracle has no empty text; there such a field counts as absent. */
  @Test
  default void anEmptyFieldIsKeptInTheJsonAndMayCountAsAbsent() {
    SampleTenant tenant = freshTenant();
    JsonText json = JsonText.of("{\"model\":\"\",\"user\":\"\",\"safety_identifier\":\"\"}");
    tenant.record(
        tenant
            .turn("resp_a")
            .model("")
            .user("")
            .safetyIdentifier("")
            .metadata(labels("", ""))
            .json(json));
    storage()
        .feedback()
        .add(
            tenant.scope(), Samples.feedback(tenant.key("fb_a"), "resp_a", Rating.POSITIVE, "", 0));

    StoredResponse stored = storage().responses().find(tenant.scope(), "resp_a").orElseThrow();
    assertThat(stored.json()).isEqualTo(json);
    assertThat(stored.metadata()).isEqualTo(labels("", ""));
    assertThat(stored.model()).isIn(null, "");
    assertThat(stored.user()).isIn(null, "");
    assertThat(stored.safetyIdentifier()).isIn(null, "");
    Feedback feedback = storage().feedback().find(tenant.scope(), "fb_a").orElseThrow();
    assertThat(feedback.author()).isIn(null, "");
    assertThat(feedback.model()).isIn(null, "");
  }

  /** The longest texts that are accepted, of characters that take the most room. */
  @ParameterizedTest
  @ValueSource(strings = {"\uD83D\uDE00", "\u6f22", "\u2205", "x"})
  default void theLongestFieldsAreKept(String character) {
    SampleTenant tenant = freshTenant();
    String field = character.repeat(512);
    String id = character.repeat(255);
    TurnBuilder turn = tenant.turn(id).model(field).user(field).safetyIdentifier(field);
    tenant.record(turn);
    Item item = new Item(id, field, JsonText.of("{}"));
    Key conversation = tenant.conversation(id, item);
    Feedback feedback =
        Samples.feedback(tenant.key(id), id, Rating.POSITIVE, field, 0).about(turn.response());
    storage().feedback().add(scopeOf(feedback.key()), feedback);

    assertThat(storage().responses().find(tenant.scope(), id)).contains(turn.response());
    assertThat(tenant.items(conversation)).containsExactly(item);
    assertThat(storage().feedback().find(tenant.scope(), id)).contains(feedback);
  }

  @Test
  default void aLongCommentIsKept() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a"));
    String comment = "漢".repeat(10_000);

    storage()
        .feedback()
        .add(
            scopeOf(feedback(tenant, Metadata.NONE, comment).key()),
            feedback(tenant, Metadata.NONE, comment));

    assertThat(storage().feedback().find(tenant.scope(), "fb_a"))
        .map(Feedback::comment)
        .contains(comment);
  }

  @Test
  default void timesAreKeptToTheMicrosecond() {
    SampleTenant tenant = freshTenant();
    for (long micros : new long[] {-1_795_340_000_000_000L, 1, 999_999, 4_102_444_800_000_000L}) {
      String id = "conv_" + micros;
      Conversation conversation = Samples.conversation(tenant.key(id), micros, Metadata.NONE);
      storage().conversations().create(scopeOf(conversation.key()), conversation, List.of());
      TurnBuilder turn = tenant.turn("resp_" + micros).created(micros).recorded(micros + 1);
      tenant.record(turn);

      assertThat(
              storage().conversations().find(scopeOf(conversation.key()), conversation.key().id()))
          .contains(conversation);
      assertThat(
              storage()
                  .responses()
                  .find(scopeOf(turn.response().key()), turn.response().key().id()))
          .contains(turn.response());
    }
  }

  @Test
  default void idsAreWhatClientsSayTheyAre() {
    SampleTenant tenant = freshTenant();
    List<String> ids = hostileIds();
    ids.forEach(tenant::conversation);
    Key conversation = tenant.conversation("conv_of_all");
    ids.forEach(id -> tenant.append(conversation, message(id, "in " + id)));
    ids.forEach(id -> tenant.record(tenant.turn(id).in(tenant.key(id))));

    assertThat(tenant.itemIds(conversation)).isEqualTo(ids);
    for (String id : ids) {
      Key key = tenant.key(id);
      assertThat(storage().conversations().find(scopeOf(key), key.id()))
          .map(Conversation::key)
          .contains(key);
      assertThat(storage().conversations().item(scopeOf(conversation), conversation.id(), id))
          .contains(message(id, "in " + id));
      assertThat(storage().responses().find(scopeOf(key), key.id()))
          .map(StoredResponse::conversationId)
          .contains(id);
      ResponseListContract.FilterBuilder.of(tenant)
          .conversation(id)
          .list(storage())
          .assertEntries(List.of(id));
    }
  }

  @Test
  default void everyIdIsACursor() {
    SampleTenant tenant = freshTenant();
    List<String> ids = hostileIds();
    Key conversation = tenant.conversation("conv_of_all");
    ids.forEach(id -> tenant.append(conversation, message(id)));
    ids.forEach(id -> tenant.record(tenant.turn(id)));

    assertThat(tenant.itemsOf(conversation).walk(Order.ASC, 1)).map(Item::id).isEqualTo(ids);
    List<StoredResponse> ascending = ResponseListContract.responses(tenant).walk(Order.ASC, 1);
    List<StoredResponse> descending =
        new ArrayList<>(ResponseListContract.responses(tenant).walk(Order.DESC, 1));
    Collections.reverse(descending);
    assertThat(ascending)
        .map(response -> response.key().id())
        .containsExactlyInAnyOrderElementsOf(ids);
    assertThat(descending).isEqualTo(ascending);
  }

  @Test
  default void idsThatLookAlikeAreDeletedOneByOne() {
    SampleTenant tenant = freshTenant();
    List<String> left = new ArrayList<>(hostileIds());
    Key conversation = tenant.conversation("conv_of_all");
    left.forEach(tenant::conversation);
    left.forEach(id -> tenant.append(conversation, message(id)));
    left.forEach(id -> tenant.record(tenant.turn(id)));

    for (String id : hostileIds()) {
      left.remove(id);
      assertThat(storage().conversations().delete(tenant.scope(), id)).as(id).isTrue();
      assertThat(storage().responses().delete(tenant.scope(), id)).as(id).isTrue();
      assertThat(
              storage()
                  .conversations()
                  .removeItem(scopeOf(conversation), conversation.id(), id, at(1)))
          .as(id)
          .isPresent();
      assertThat(tenant.itemIds(conversation)).isEqualTo(left);
      assertThat(ResponseListContract.responses(tenant).walk(Order.ASC, 100)).hasSize(left.size());
    }
  }

  @Test
  default void fieldsThatAreFilteredByAreComparedToTheLetter() {
    SampleTenant tenant = freshTenant();
    List<String> values = new ArrayList<>(hostileIds());
    values.add("漢".repeat(512));
    for (String value : values) {
      tenant.record(
          tenant
              .turn("resp_" + values.indexOf(value))
              .model(value)
              .user(value)
              .safetyIdentifier(value));
    }

    for (String value : values) {
      ResponseListContract.FilterBuilder.of(tenant)
          .model(value)
          .user(value)
          .safetyIdentifier(value)
          .list(storage())
          .assertEntries(List.of("resp_" + values.indexOf(value)));
    }
  }

  /** Ids that a careless backend takes for one another, or for something else. */
  private static List<String> hostileIds() {
    return List.of(
        "a",
        "A",
        "a ",
        " a",
        "a%",
        "a_",
        "ab",
        "*",
        "a*",
        "[ab]",
        "?",
        "a:b",
        "a:b:c",
        "{a}",
        "{a}:items",
        "a/b",
        "../a",
        "a|b",
        "a,b",
        "a;b",
        "a'b",
        "a\"b",
        "a\\b",
        "a\\\\b",
        "null",
        "0",
        "00",
        "1e0",
        "-1",
        "\u00e9",
        "e\u0301",
        "ß",
        "ss",
        "ı",
        "i",
        "漢".repeat(255),
        "漢".repeat(254),
        "x".repeat(255),
        "x".repeat(254),
        "\uD83D\uDE00".repeat(255),
        "\uD83D\uDE00",
        "\uD83D\uDE01",
        "\u00a0",
        "\u200b",
        "\u2205",
        "\u2205\u2205",
        "a\u200b",
        "\ufffd",
        "%00",
        "$1",
        "${a}");
  }

  private void assertKept(String json) {
    SampleTenant tenant = freshTenant();
    Item sent = new Item("sent", "message", JsonText.of(json));
    Item input = new Item("input", "message", JsonText.of(json));
    Item output = new Item("output", "message", JsonText.of(json));
    Key conversation = tenant.conversation("conv_a", sent);
    Key appended = tenant.conversation("conv_b");
    tenant.append(appended, sent);
    tenant.record(
        tenant.turn("resp_a").in(conversation).json(JsonText.of(json)).input(input).output(output));

    assertThat(texts(tenant.items(conversation))).isEqualTo(json + json + json);
    assertThat(texts(tenant.items(appended))).isEqualTo(json);
    assertThat(texts(tenant.input("resp_a"))).isEqualTo(json);
    assertThat(storage().conversations().item(scopeOf(conversation), conversation.id(), "output"))
        .contains(output);
    assertThat(storage().responses().find(tenant.scope(), "resp_a").orElseThrow().json())
        .hasToString(json);
    assertThat(storage().responses().chain(tenant.scope(), "resp_a", 1).data().get(0).json())
        .hasToString(json);
    assertThat(
            storage()
                .conversations()
                .items(
                    scopeOf(conversation), conversation.id(), new PageRequest(1, Order.DESC, null)))
        .satisfies(page -> assertThat(page.data()).containsExactly(output));
  }

  private static List<Map.Entry<String, String>> entries(Metadata labels) {
    return List.copyOf(labels.entries().entrySet());
  }

  private static String texts(List<Item> items) {
    return items.stream().map(item -> item.json().toString()).collect(joining());
  }

  private static Feedback feedback(SampleTenant tenant, Metadata labels, String comment) {
    return new Feedback(
        tenant.key("fb_a"),
        "owner",
        "resp_a",
        null,
        null,
        Rating.NEGATIVE,
        comment,
        "author",
        labels,
        at(0));
  }
}
