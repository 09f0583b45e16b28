package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Paging.assertRefused;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.reference;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;

/** What recording a turn brings into its conversation. */
public interface RecordContract extends StorageUnderTest {

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "INCOMPLETE"})
  default void inputAndOutputAreAppendedToTheConversation(ResponseStatus status) {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));

    tenant.record(
        tenant
            .turn("resp_a")
            .in(conversation)
            .status(status)
            .input(message("in_2"), message("in_1"))
            .output(message("out_2"), message("out_1")));

    assertThat(tenant.items(conversation))
        .containsExactly(
            message("before"),
            message("in_2"),
            message("in_1"),
            message("out_2"),
            message("out_1"));
    assertThat(tenant.input("resp_a")).containsExactly(message("in_2"), message("in_1"));
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "CANCELLED"})
  default void aTurnThatCameToNothingAppendsNothing(ResponseStatus status) {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));

    tenant.record(
        tenant
            .turn("resp_a")
            .in(conversation)
            .status(status)
            .input(reference("before"), message("in"))
            .output(message("out")));

    assertThat(tenant.items(conversation)).containsExactly(message("before"));
    assertThat(storage().conversations().find(scopeOf(conversation), conversation.id()))
        .contains(Samples.conversation(conversation));
    assertThat(tenant.input("resp_a")).containsExactly(message("before"), message("in"));
    assertThat(List.of("in", "out")).allMatch(tenant::canLink);
  }

  @Test
  default void aTurnOutsideConversationsAppendsToNone() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    tenant.record(tenant.turn("resp_a").in(conversation).output(message("out_a")));

    tenant.record(
        tenant.turn("resp_b").after("resp_a").input(message("in_b")).output(message("out_b")));

    assertThat(tenant.itemIds(conversation)).containsExactly("out_a");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IN_PROGRESS")
  default void aTurnInAnUnknownConversationIsRefused(ResponseStatus status) {
    SampleTenant tenant = freshTenant();
    TurnBuilder turn =
        tenant
            .turn("resp_a")
            .in(tenant.key("conv_nowhere"))
            .status(status)
            .input(message("in"))
            .output(message("out"));

    assertRefused(() -> tenant.record(turn), null);

    assertNothingRecorded(tenant, "resp_a", "in", "out");
  }

  @Test
  default void aTurnAfterAnUnknownResponseIsRecorded() {
    SampleTenant tenant = freshTenant();
    TurnBuilder turn = tenant.turn("resp_a").after("resp_nowhere");

    tenant.record(turn);

    assertThat(storage().responses().find(tenant.scope(), "resp_a")).contains(turn.response());
  }

  @Test
  default void aTurnIsStoredAsItWasSentWhateverIsStoredUnderTheSameIds() {
    SampleTenant tenant = freshTenant();
    Key first = tenant.conversation("conv_a", message("msg_0", "first"), message("msg_b"));
    tenant.record(tenant.turn("resp_a").output(message("answered", "first")));
    Key second = tenant.conversation("conv_b");

    tenant.record(
        tenant
            .turn("resp_b")
            .in(second)
            .input(message("msg_0", "second"), reference("msg_b"), message("answered", "second"))
            .output(message("msg_1", "second")));

    assertThat(tenant.input("resp_b"))
        .containsExactly(
            message("msg_0", "second"), message("msg_b"), message("answered", "second"));
    assertThat(tenant.items(second))
        .containsExactly(
            message("msg_0", "second"),
            message("msg_b"),
            message("answered", "second"),
            message("msg_1", "second"));
    assertThat(tenant.items(first)).containsExactly(message("msg_0", "first"), message("msg_b"));
  }

  @Test
  default void anItemThatTheConversationHasWithTheSameBytesIsNotAppendedAgain() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 2));

    tenant.record(
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(message("msg_1"), message("in"))
            .output(message("msg_2"), message("out")));

    assertThat(tenant.itemIds(conversation)).containsExactly("msg_1", "msg_2", "in", "out");
    assertThat(tenant.input("resp_a")).containsExactly(message("msg_1"), message("in"));
  }

  @Test
  default void outputIsStoredAsItIsUnderAnyId() {
    SampleTenant tenant = freshTenant();
    Key first = tenant.conversation("conv_a", message("msg_a", "first"));
    Key second = tenant.conversation("conv_b");

    tenant.record(tenant.turn("resp_a").in(second).output(message("msg_a", "second")));

    assertThat(tenant.items(first)).containsExactly(message("msg_a", "first"));
    assertThat(tenant.items(second)).containsExactly(message("msg_a", "second"));
    assertThat(storage().conversations().item(scopeOf(second), second.id(), "msg_a"))
        .contains(message("msg_a", "second"));

    storage().conversations().delete(scopeOf(first), first.id());
    assertThat(tenant.items(second)).containsExactly(message("msg_a", "second"));
    Key third = tenant.conversation("conv_c", reference("msg_a"));
    assertThat(tenant.items(third)).containsExactly(message("msg_a", "second"));

    storage().conversations().delete(scopeOf(third), third.id());
    storage().conversations().delete(scopeOf(second), second.id());
    assertThat(tenant.canLink("msg_a")).isTrue();
    storage().responses().delete(tenant.scope(), "resp_a");
    assertThat(tenant.canLink("msg_a")).isFalse();
  }

  @Test
  default void aReferenceIntoTheConversationIsInputAndIsNotAppendedAgain() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
    tenant.conversation("conv_b", message("elsewhere"));

    tenant.record(
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(reference("msg_3"), message("in"), reference("elsewhere"), reference("msg_1"))
            .output(message("out")));

    assertThat(tenant.itemIds(conversation))
        .containsExactly("msg_1", "msg_2", "msg_3", "in", "elsewhere", "out");
    tenant.inputOf("resp_a").assertEntries(List.of("msg_3", "in", "elsewhere", "msg_1"));
  }

  @Test
  default void anIdThatTheConversationHasIsRefusedWithTheWholeTurn() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));

    assertDuplicate(
        tenant,
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(message("in"), message("msg_2", "other"))
            .output(message("out")),
        "msg_2");
    assertDuplicate(
        tenant,
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(message("in"))
            .output(message("out"), message("msg_2", "other")),
        "msg_2");

    assertNothingRecorded(tenant, "resp_a", "in", "out");
    assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 3));
    assertThat(storage().conversations().find(scopeOf(conversation), conversation.id()))
        .contains(Samples.conversation(conversation));
  }

  @Test
  default void anIdThatComesTwiceInATurnIsRefusedWithTheWholeTurn() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));

    assertDuplicate(
        tenant,
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(message("twice", "1"), message("twice", "2"))
            .output(message("out")),
        "twice");
    assertDuplicate(
        tenant,
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(message("in"), message("twice", "1"))
            .output(message("twice", "2")),
        "twice");
    assertDuplicate(
        tenant,
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(message("in"))
            .output(message("twice", "1"), message("twice", "2")),
        "twice");

    assertNothingRecorded(tenant, "resp_a", "in", "out", "twice");
    assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 3));
  }

  @Test
  default void anUnknownReferenceIsRefusedWithTheWholeTurn() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
    for (TurnBuilder turn :
        List.of(tenant.turn("resp_a"), tenant.turn("resp_a").in(conversation))) {
      turn.input(message("in"), reference("msg_1"), reference("nowhere")).output(message("out"));

      assertThatThrownBy(() -> tenant.record(turn))
          .isInstanceOf(HistoryFailure.UnknownReference.class)
          .hasMessageContaining("nowhere");
    }

    assertNothingRecorded(tenant, "resp_a", "in", "out", "nowhere");
    assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 3));
  }

  @Test
  default void theSameTurnAgainChangesNothing() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    TurnBuilder turn =
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(message("in"), reference("before"))
            .output(message("out"));
    tenant.record(turn);
    StoredResponse first = turn.response();
    tenant.append(conversation, message("after"));

    assertThat(tenant.record(turn.recorded(9).created(8))).isEqualTo(first);

    assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out", "after");
    assertThat(tenant.input("resp_a")).containsExactly(message("in"), message("before"));
    assertThat(storage().responses().find(tenant.scope(), "resp_a")).contains(first);
    assertThat(storage().conversations().find(scopeOf(conversation), conversation.id()))
        .contains(Samples.conversation(conversation).updated(Samples.at(1)));
  }

  @Test
  default void theSameTurnAgainIsKnownAfterItsConversationIsGone() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder turn = tenant.turn("resp_a").in(conversation).output(message("out"));
    tenant.record(turn);
    storage().conversations().delete(scopeOf(conversation), conversation.id());

    assertThat(tenant.record(turn)).isEqualTo(turn.response());

    assertThat(storage().conversations().find(scopeOf(conversation), conversation.id())).isEmpty();
  }

  @Test
  default void theSameTurnAgainIsKnownAfterWhatItRefersToIsGone() {
    SampleTenant tenant = freshTenant();
    Key referred = tenant.conversation("conv_a", message("msg_a"));
    TurnBuilder turn = tenant.turn("resp_a").input(reference("msg_a"));
    tenant.record(turn);
    storage().conversations().delete(scopeOf(referred), referred.id());

    assertThat(tenant.record(turn)).isEqualTo(turn.response());

    assertThat(tenant.input("resp_a")).containsExactly(message("msg_a"));
  }

  @Test
  default void anotherTurnUnderTheSameIdIsRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder first = tenant.turn("resp_a").in(conversation).output(message("out"));
    tenant.record(first);

    assertThatThrownBy(
            () ->
                tenant.record(
                    tenant
                        .turn("resp_a")
                        .in(conversation)
                        .fingerprint("other")
                        .input(message("new_in"))
                        .output(message("new_out"))))
        .isInstanceOf(HistoryFailure.ResponseAlreadyRecorded.class);

    assertThat(storage().responses().find(tenant.scope(), "resp_a")).contains(first.response());
    assertThat(tenant.itemIds(conversation)).containsExactly("out");
    assertThat(List.of("new_in", "new_out")).noneMatch(tenant::canLink);
  }

  @Test
  default void aRefusedTurnCanBeRecordedOnceItIsRight() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("msg_a"));
    assertDuplicate(
        tenant, tenant.turn("resp_a").in(conversation).output(message("msg_a", "other")), "msg_a");

    TurnBuilder right =
        tenant.turn("resp_a").fingerprint("right").in(conversation).output(message("msg_b"));

    assertThat(tenant.record(right)).isEqualTo(right.response());
    assertThat(tenant.itemIds(conversation)).containsExactly("msg_a", "msg_b");
  }

  @Test
  default void aLargeTurnIsRecordedWhole() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");

    tenant.record(
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(messages("in_", 600))
            .output(messages("out_", 600)));

    assertThat(tenant.input("resp_a")).containsExactly(messages("in_", 600));
    List<Item> items = tenant.items(conversation);
    assertThat(items.subList(0, 600)).containsExactly(messages("in_", 600));
    assertThat(items.subList(600, 1200)).containsExactly(messages("out_", 600));
  }

  private static void assertDuplicate(SampleTenant tenant, TurnBuilder turn, String itemId) {
    assertThatThrownBy(() -> tenant.record(turn))
        .isInstanceOfSatisfying(
            HistoryFailure.ItemAlreadyInConversation.class,
            refused -> assertThat(refused.itemId()).isEqualTo(itemId));
  }

  private static void assertNothingRecorded(
      SampleTenant tenant, String responseId, String... items) {
    assertThat(tenant.storage().responses().find(tenant.scope(), responseId)).isEmpty();
    assertThat(ResponseListContract.responses(tenant).walk(Order.ASC, 10)).isEmpty();
    assertThat(items).noneMatch(tenant::canLink);
  }
}
