package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.ResponseListContract.FilterBuilder;

/** Deleting by a filter: a bounded part with each call, and each object as if it alone was. */
public interface DeletionContract extends StorageUnderTest {

  @Test
  default void eachCallRemovesTheOldestResponsesUntilNoneIsLeft() {
    SampleTenant tenant = freshTenant();
    List<Integer> numbers = new ArrayList<>(IntStream.rangeClosed(1, 7).boxed().toList());
    Collections.shuffle(numbers, new Random(3));
    for (int number : numbers) {
      tenant.record(tenant.turn("resp_" + number).created(number).user("ann"));
    }
    tenant.record(tenant.turn("resp_other").created(0).user("bob"));
    FilterBuilder ann = FilterBuilder.of(tenant).user("ann");

    assertThat(delete(tenant, ann, 3)).isEqualTo(new Removed(3, true));
    ann.list(storage()).assertEntries(List.of("resp_4", "resp_5", "resp_6", "resp_7"));
    assertThat(delete(tenant, ann, 3)).isEqualTo(new Removed(3, true));
    ann.list(storage()).assertEntries(List.of("resp_7"));
    assertThat(delete(tenant, ann, 3)).isEqualTo(new Removed(1, false));
    assertThat(delete(tenant, ann, 3)).isEqualTo(Removed.NOTHING);
    ResponseListContract.responses(tenant).assertEntries(List.of("resp_other"));
  }

  @Test
  default void eachCallRemovesTheOldestConversationsUntilNoneIsLeft() {
    SampleTenant tenant = freshTenant();
    for (int number : List.of(3, 5, 1, 4, 2)) {
      create(tenant, "conv_" + number, number, labels("case", "7", "other", "label"));
    }
    create(tenant, "conv_8", 0, labels("case", "8"));
    create(tenant, "conv_none", 9, Metadata.NONE);
    Metadata wanted = labels("case", "7");

    assertThat(delete(tenant, wanted, 2)).isEqualTo(new Removed(2, true));
    ConversationListContract.conversations(tenant)
        .assertEntries(List.of("conv_8", "conv_3", "conv_4", "conv_5", "conv_none"));
    assertThat(delete(tenant, wanted, 2)).isEqualTo(new Removed(2, true));
    assertThat(delete(tenant, wanted, 2)).isEqualTo(new Removed(1, false));
    assertThat(delete(tenant, wanted, 2)).isEqualTo(Removed.NOTHING);
    ConversationListContract.conversations(tenant).assertEntries(List.of("conv_8", "conv_none"));
  }

  @Test
  default void nothingMoreIsThereWhenExactlyTheLimitWas() {
    SampleTenant tenant = freshTenant();
    for (int number = 1; number <= 200; number++) {
      tenant.record(tenant.turn("resp_" + number).created(number).user("ann"));
    }
    FilterBuilder ann = FilterBuilder.of(tenant).user("ann");

    assertThat(delete(tenant, ann, 100)).isEqualTo(new Removed(100, true));
    assertThat(delete(tenant, ann, 100)).isEqualTo(new Removed(100, false));
  }

  @Test
  default void responsesAreFoundByTheirSafetyIdentifier() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_1").created(1).safetyIdentifier("x").user("y"));
    tenant.record(tenant.turn("resp_2").created(2).safetyIdentifier("y").user("x"));
    tenant.record(tenant.turn("resp_3").created(3).safetyIdentifier(null).user(null));

    assertThat(delete(tenant, FilterBuilder.of(tenant).safetyIdentifier("x"), 100))
        .isEqualTo(new Removed(1, false));
    ResponseListContract.responses(tenant).assertEntries(List.of("resp_2", "resp_3"));
  }

  @Test
  default void everyPartOfAFilterCounts() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    tenant.record(
        tenant.turn("resp_1").created(5).in(conversation).model("m").metadata(labels("a", "b")));
    tenant.record(tenant.turn("resp_2").created(5).model("m").metadata(labels("a", "b")));
    tenant.record(tenant.turn("resp_3").created(5).in(conversation).model("m"));
    tenant.record(
        tenant.turn("resp_4").created(9).in(conversation).model("m").metadata(labels("a", "b")));
    FilterBuilder filter =
        FilterBuilder.of(tenant)
            .model("m")
            .conversation("conv_a")
            .metadata(labels("a", "b"))
            .created(Samples.between(5, 9));

    assertThat(delete(tenant, filter, 100)).isEqualTo(new Removed(1, false));
    ResponseListContract.responses(tenant).assertEntries(List.of("resp_2", "resp_3", "resp_4"));
  }

  @Test
  default void aResponseTakesItsFeedbackAlongAndLeavesItsConversation() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    for (String name : List.of("1", "2", "kept")) {
      tenant.record(
          tenant
              .turn("resp_" + name)
              .in(conversation)
              .user(name.equals("kept") ? "bob" : "ann")
              .input(message("in_" + name))
              .output(message("out_" + name)));
      tenant.record(
          tenant
              .turn("solo_" + name)
              .user(name.equals("kept") ? "bob" : "ann")
              .input(message("alone_" + name)));
      tenant.feedback("fb_" + name, "resp_" + name);
      tenant.feedback("fb_again_" + name, "resp_" + name);
    }

    assertThat(delete(tenant, FilterBuilder.of(tenant).user("ann"), 100))
        .isEqualTo(new Removed(4, false));

    FeedbackStoreContract.feedback(tenant).assertEntries(List.of("fb_again_kept", "fb_kept"));
    assertThat(tenant.itemIds(conversation))
        .containsExactly("in_1", "out_1", "in_2", "out_2", "in_kept", "out_kept");
    assertThat(tenant.canLink("alone_1")).isFalse();
    assertThat(tenant.canLink("alone_kept")).isTrue();
    assertThat(tenant.input("solo_kept")).containsExactly(message("alone_kept"));
  }

  @Test
  default void aConversationTakesItsItemsAlongAndLeavesItsResponses() {
    SampleTenant tenant = freshTenant();
    for (String name : List.of("1", "2", "kept")) {
      create(tenant, "conv_" + name, 0, labels("case", name.equals("kept") ? "8" : "7"));
      Key conversation = tenant.key("conv_" + name);
      tenant.append(conversation, messages("msg_" + name + "_", 3));
      tenant.record(tenant.turn("resp_" + name).in(conversation).input(message("in_" + name)));
      tenant.feedback("fb_" + name, "resp_" + name);
    }

    assertThat(delete(tenant, labels("case", "7"), 100)).isEqualTo(new Removed(2, false));

    assertThat(storage().conversations().find(tenant.scope(), "conv_1")).isEmpty();
    assertThat(tenant.canLink("msg_1_1")).isFalse();
    assertThat(tenant.canLink("msg_kept_1")).isTrue();
    for (String name : List.of("1", "2", "kept")) {
      assertThat(tenant.input("resp_" + name)).containsExactly(message("in_" + name));
      assertThat(tenant.canLink("in_" + name)).isTrue();
      assertThat(storage().feedback().find(tenant.scope(), "fb_" + name)).isPresent();
    }
    assertThat(tenant.itemIds(tenant.key("conv_kept")))
        .containsExactly("msg_kept_1", "msg_kept_2", "msg_kept_3", "in_kept");
    // Nothing of them is left behind that the same ids would meet.
    Key again = tenant.conversation("conv_1", message("msg_1_1", "anew"));
    assertThat(tenant.items(again)).containsExactly(message("msg_1_1", "anew"));
  }

  @Test
  default void whatIsOutOfScopeStays() {
    SampleTenant alice = freshTenant().as("alice");
    SampleTenant bob = alice.as("bob");
    SampleTenant everything = alice.as(null);
    SampleTenant other = freshTenant().as("alice");
    for (SampleTenant maker : List.of(alice, bob, other)) {
      String id = maker.equals(other) ? "alice" : maker.user();
      create(maker, "conv_" + id, 0, labels("case", "7"));
      maker.append(maker.key("conv_" + id), message("msg_" + id));
      maker.record(maker.turn("resp_" + id).user("end user"));
      maker.feedback("fb_" + id, "resp_" + id);
    }

    assertThat(delete(alice, labels("case", "7"), 100)).isEqualTo(new Removed(1, false));
    assertThat(delete(alice, FilterBuilder.of(alice).user("end user"), 100))
        .isEqualTo(new Removed(1, false));
    ConversationListContract.conversations(everything).assertEntries(List.of("conv_bob"));
    ResponseListContract.responses(everything).assertEntries(List.of("resp_bob"));
    FeedbackStoreContract.feedback(everything).assertEntries(List.of("fb_bob"));
    assertThat(bob.itemIds(bob.key("conv_bob"))).containsExactly("msg_bob");

    assertThat(delete(everything, labels("case", "7"), 100)).isEqualTo(new Removed(1, false));
    assertThat(delete(everything, FilterBuilder.of(everything).user("end user"), 100))
        .isEqualTo(new Removed(1, false));
    assertThat(other.itemIds(other.key("conv_alice"))).containsExactly("msg_alice");
    ResponseListContract.responses(other).assertEntries(List.of("resp_alice"));
    FeedbackStoreContract.feedback(other).assertEntries(List.of("fb_alice"));
  }

  @Test
  default void valuesAreComparedCharacterByCharacter() {
    SampleTenant tenant = freshTenant();
    Map<String, Metadata> odd = new LinkedHashMap<>();
    List<String> values =
        List.of(
            "a b",
            "a  b",
            "a\nb",
            "a\\nb",
            "a b\nc d",
            "%",
            "_",
            "'",
            "\"",
            "\\",
            "é",
            "e\u0301",
            "😀",
            "]",
            "x\ny z\n",
            "A B",
            " a b",
            "a b ",
            "");
    for (int i = 0; i < values.size(); i++) {
      odd.put("conv_" + (10 + i), labels("k y", values.get(i), "x", "a b"));
    }
    odd.put("conv_90", labels("k", "y a b", "k ya", "b"));
    odd.forEach((id, metadata) -> create(tenant, id, 1, metadata));
    List<String> left = new ArrayList<>(odd.keySet());

    for (int i = 0; i < values.size(); i++) {
      assertThat(delete(tenant, labels("k y", values.get(i)), 100))
          .as("\"%s\"", values.get(i))
          .isEqualTo(new Removed(1, false));
      left.remove("conv_" + (10 + i));
      ConversationListContract.conversations(tenant).assertEntries(left);
    }
  }

  @Test
  default void usersWithOddNamesAreToldApart() {
    SampleTenant tenant = freshTenant();
    List<String> users = List.of("a b", "a%20b", "a+b", "a\\b", "É", "%", "😀", "a b ", "A B");
    for (String user : users) {
      tenant.record(tenant.turn("resp_" + users.indexOf(user)).user(user));
    }

    for (String user : users) {
      assertThat(delete(tenant, FilterBuilder.of(tenant).user(user), 100))
          .as("\"%s\"", user)
          .isEqualTo(new Removed(1, false));
    }
    ResponseListContract.responses(tenant).assertEntries(List.of());
  }

  @Test
  default void whatIsDeletedAlreadyDoesNotCount() {
    SampleTenant tenant = freshTenant();
    for (int number = 1; number <= 5; number++) {
      tenant.record(tenant.turn("resp_" + number).created(number).user("ann"));
      create(tenant, "conv_" + number, number, labels("case", "7"));
    }
    for (int number : List.of(1, 3)) {
      storage().responses().delete(tenant.scope(), "resp_" + number);
      storage().conversations().delete(tenant.scope(), "conv_" + number);
    }
    storage().conversations().replaceMetadata(tenant.scope(), "conv_5", labels("case", "8"), at(9));

    assertThat(delete(tenant, FilterBuilder.of(tenant).user("ann"), 3))
        .isEqualTo(new Removed(3, false));
    assertThat(delete(tenant, labels("case", "7"), 2)).isEqualTo(new Removed(2, false));
    ConversationListContract.conversations(tenant).assertEntries(List.of("conv_5"));
  }

  @Test
  default void concurrentCallersDeleteEachObjectOnceAndAllOfThem() {
    SampleTenant tenant = freshTenant();
    int count = 60;
    for (int number = 1; number <= count; number++) {
      create(tenant, "conv_" + number, number, labels("case", "7"));
      Key conversation = tenant.key("conv_" + number);
      tenant.record(
          tenant
              .turn("resp_" + number)
              .created(number)
              .in(conversation)
              .user("ann")
              .input(message("in_" + number)));
      tenant.feedback("fb_" + number, "resp_" + number);
    }

    List<Callable<Integer>> callers = new ArrayList<>();
    for (int caller = 0; caller < 3; caller++) {
      callers.add(() -> deleteAll(() -> delete(tenant, labels("case", "7"), 10)));
      callers.add(() -> deleteAll(() -> delete(tenant, FilterBuilder.of(tenant).user("ann"), 10)));
    }
    List<Integer> deleted = Concurrently.run(callers);

    assertThat(deleted.stream().mapToInt(Integer::intValue).sum()).isEqualTo(2 * count);
    assertThat(deleted.get(0) + deleted.get(2) + deleted.get(4)).isEqualTo(count);
    ConversationListContract.conversations(tenant).assertEntries(List.of());
    ResponseListContract.responses(tenant).assertEntries(List.of());
    FeedbackStoreContract.feedback(tenant).assertEntries(List.of());
  }

  /** Whoever takes a label away in time keeps the conversation, with all that is in it. */
  @Test
  default void aConversationThatIsRelabelledMeanwhileIsWholeOrGone() {
    SampleTenant tenant = freshTenant();
    int count = 40;
    for (int number = 1; number <= count; number++) {
      create(tenant, "conv_" + number, number, labels("case", "7"));
      tenant.append(tenant.key("conv_" + number), message("msg_" + number));
    }
    List<Boolean> kept = new ArrayList<>();

    Concurrently.run(
        List.<Callable<Object>>of(
            () -> deleteAll(() -> delete(tenant, labels("case", "7"), 7)),
            () -> {
              for (int number = count; number >= 1; number--) {
                kept.add(
                    storage()
                        .conversations()
                        .replaceMetadata(
                            tenant.scope(), "conv_" + number, labels("case", "8"), at(99))
                        .isPresent());
              }
              return null;
            }));

    for (int number = count; number >= 1; number--) {
      String id = "conv_" + number;
      assertThat(storage().conversations().find(tenant.scope(), id).isPresent())
          .as(id)
          .isEqualTo(kept.get(count - number));
      if (kept.get(count - number)) {
        assertThat(tenant.itemIds(tenant.key(id))).containsExactly("msg_" + number);
      }
    }
  }

  @Test
  default void appendsGoOnWhileConversationsAreDeleted() {
    SampleTenant tenant = freshTenant();
    int count = 40;
    for (int number = 1; number <= count; number++) {
      create(tenant, "conv_" + number, number, labels("case", "7"));
    }
    List<Callable<Object>> steps = new ArrayList<>();
    steps.add(() -> deleteAll(() -> delete(tenant, labels("case", "7"), 10)));
    steps.add(() -> deleteAll(() -> delete(tenant, labels("case", "7"), 9)));
    for (int writer = 0; writer < 2; writer++) {
      String name = "msg_" + writer + "_";
      steps.add(
          () -> {
            for (int number = count; number >= 1; number--) {
              Item item = message(name + number);
              Key conversation = tenant.key("conv_" + number);
              HistoryFailure refused =
                  Concurrently.attempt(() -> tenant.append(conversation, item)).call();
              if (refused != null) {
                assertThat(refused).isInstanceOf(HistoryFailure.NotFound.class);
              }
            }
            return null;
          });
    }

    Concurrently.run(steps);

    ConversationListContract.conversations(tenant).assertEntries(List.of());
    for (int number = 1; number <= count; number++) {
      Key again = tenant.conversation("conv_" + number);
      assertThat(tenant.items(again)).isEmpty();
    }
  }

  private static int deleteAll(Callable<Removed> call) throws Exception {
    int deleted = 0;
    Removed removed = call.call();
    while (removed.more()) {
      deleted += removed.count();
      removed = call.call();
    }
    return deleted + removed.count();
  }

  private Removed delete(SampleTenant tenant, FilterBuilder filter, int limit) {
    return storage().responses().delete(tenant.scope(), filter.build(), limit);
  }

  private Removed delete(SampleTenant tenant, Metadata labels, int limit) {
    return storage()
        .conversations()
        .delete(tenant.scope(), new ConversationFilter(labels, TimeRange.ALWAYS), limit);
  }

  private static void create(SampleTenant tenant, String id, long created, Metadata metadata) {
    Key key = tenant.key(id);
    tenant
        .storage()
        .conversations()
        .create(
            tenant.scope(),
            new Conversation(key, tenant.owner(), at(created), at(created), metadata),
            List.of());
  }
}
