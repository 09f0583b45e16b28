package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.reference;
import static org.smg.history.storage.Samples.reused;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;

/** Order, identity, and all or nothing. */
public interface AppendContract extends StorageUnderTest {

  @Test
  default void itemsKeepTheOrderOfBatchesAndInsideBatches() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    List<String> expected = new ArrayList<>();

    // Neither ids nor texts nor times ascend, and all batches have the same time.
    for (int batch = 9; batch > 0; batch--) {
      List<Item> items = new ArrayList<>(List.of(messages("msg_" + batch + "_", 20)));
      Collections.reverse(items);
      tenant.append(conversation, items.toArray(Item[]::new));
      items.forEach(item -> expected.add(item.id()));
    }

    assertThat(tenant.itemIds(conversation)).isEqualTo(expected);
  }

  @Test
  default void anAppendAnswersWhatIsNowStored() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_a", message("msg_a", "stored"), message("msg_b"));
    Key conversation = tenant.conversation("conv_b", message("msg_1"));

    List<Item> appended =
        tenant.append(conversation, message("msg_2"), reused("msg_a", "sent"), reference("msg_b"));

    assertThat(appended)
        .containsExactly(message("msg_2"), message("msg_a", "stored"), message("msg_b"));
    assertThat(tenant.items(conversation))
        .containsExactly(
            message("msg_1"), message("msg_2"), message("msg_a", "stored"), message("msg_b"));
  }

  @Test
  default void anItemUnderAnIdThatWasMadeHereBringsTheStoredContentIntoANewConversation() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_a", message("msg_a", "stored"), message("msg_b"));

    Key conversation =
        tenant.conversation(
            "conv_b", reference("msg_b"), reused("msg_a", "sent"), reused("msg_c", "Hello"));

    assertThat(tenant.items(conversation))
        .containsExactly(message("msg_b"), message("msg_a", "stored"), message("msg_c"));
    assertThat(storage().conversations().item(scopeOf(conversation), conversation.id(), "msg_a"))
        .contains(message("msg_a", "stored"));
  }

  @Test
  default void anItemUnderAnyOtherIdIsStoredAsItWasSent() {
    SampleTenant tenant = freshTenant();
    Key first = tenant.conversation("conv_a", message("msg_0", "first"));
    tenant.record(tenant.turn("resp_a").input(message("msg_1", "first")));

    Key second = tenant.conversation("conv_b", message("msg_0", "second"));
    List<Item> appended = tenant.append(second, message("msg_1", "second"));

    assertThat(appended).containsExactly(message("msg_1", "second"));
    assertThat(tenant.items(second))
        .containsExactly(message("msg_0", "second"), message("msg_1", "second"));
    assertThat(tenant.items(first)).containsExactly(message("msg_0", "first"));
    assertThat(tenant.input("resp_a")).containsExactly(message("msg_1", "first"));
  }

  @Test
  default void linkedContentOutlivesTheConversationItCameFrom() {
    SampleTenant tenant = freshTenant();
    Key first = tenant.conversation("conv_a", message("msg_a", "stored"));
    Key second = tenant.conversation("conv_b", reference("msg_a"));
    storage().conversations().delete(scopeOf(first), first.id());

    Key third = tenant.conversation("conv_c", reused("msg_a", "sent"));

    assertThat(tenant.items(second)).containsExactly(message("msg_a", "stored"));
    assertThat(tenant.items(third)).containsExactly(message("msg_a", "stored"));
  }

  @Test
  default void itemsOfAResponseCanBeLinked() {
    SampleTenant tenant = freshTenant();
    tenant.record(
        tenant.turn("resp_a").input(message("msg_in", "in")).output(message("msg_out", "out")));

    Key referring = tenant.conversation("conv_a", reference("msg_out"), reference("msg_in"));
    Key posting = tenant.conversation("conv_b", reused("msg_in", ""), reused("msg_out", ""));

    assertThat(tenant.items(referring))
        .containsExactly(message("msg_out", "out"), message("msg_in", "in"));
    assertThat(tenant.items(posting))
        .containsExactly(message("msg_in", "in"), message("msg_out", "out"));
  }

  @Test
  default void aBatchWithAnIdThatTheConversationHasIsRefusedWhole() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));

    assertDuplicate(
        "msg_2",
        () -> tenant.append(conversation, message("new_a"), message("msg_2"), message("new_b")));
    assertDuplicate(
        "msg_2",
        () -> tenant.append(conversation, message("new_a"), reference("msg_2"), message("new_b")));

    assertUnchanged(tenant, conversation);
  }

  @Test
  default void aBatchWithAnIdThatComesTwiceIsRefusedWhole() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_b", message("known"));
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));

    assertDuplicate(
        "new_a",
        () ->
            tenant.append(
                conversation, message("new_a", "1"), message("new_b"), message("new_a", "2")));
    assertDuplicate(
        "known",
        () ->
            tenant.append(
                conversation, reference("known"), message("new_a"), message("known", "2")));

    assertUnchanged(tenant, conversation);
  }

  @Test
  default void aBatchWithAnUnknownReferenceIsRefusedWhole() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_b", message("known"));
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));

    assertThatThrownBy(
            () ->
                tenant.append(
                    conversation,
                    message("new_a"),
                    reference("known"),
                    reference("nowhere"),
                    message("new_b")))
        .isInstanceOf(HistoryFailure.UnknownReference.class)
        .hasMessageContaining("nowhere");

    assertUnchanged(tenant, conversation);
    assertThat(tenant.canLink("nowhere")).isFalse();
  }

  @Test
  default void aReferenceToAnItemOfTheSameBatchIsRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));

    assertThatThrownBy(() -> tenant.append(conversation, message("new_a"), reference("new_a")))
        .isInstanceOf(HistoryFailure.class);

    assertUnchanged(tenant, conversation);
  }

  @Test
  default void aConversationWhoseItemsAreRefusedIsNotCreated() {
    SampleTenant tenant = freshTenant();

    assertDuplicate(
        "new_a",
        () -> tenant.conversation("conv_a", message("new_a"), message("new_b"), message("new_a")));
    assertThatThrownBy(() -> tenant.conversation("conv_a", message("new_b"), reference("nowhere")))
        .isInstanceOf(HistoryFailure.UnknownReference.class);

    assertThat(storage().conversations().find(tenant.scope(), "conv_a")).isEmpty();
    assertThat(List.of("new_a", "new_b", "nowhere")).noneMatch(tenant::canLink);
  }

  @Test
  default void aRefusedBatchKeepsNothingAliveThatItReferredTo() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    Key other = tenant.conversation("conv_b", message("known"));
    assertThatThrownBy(() -> tenant.append(conversation, reference("known"), reference("nowhere")))
        .isInstanceOf(HistoryFailure.UnknownReference.class);

    storage().conversations().delete(scopeOf(other), other.id());

    assertThat(tenant.canLink("known")).isFalse();
  }

  private static void assertDuplicate(String itemId, ThrowingCallable append) {
    assertThatThrownBy(append)
        .isInstanceOfSatisfying(
            HistoryFailure.ItemAlreadyInConversation.class,
            refused -> assertThat(refused.itemId()).isEqualTo(itemId));
  }

  private static void assertUnchanged(SampleTenant tenant, Key conversation) {
    assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 3));
    assertThat(tenant.storage().conversations().find(scopeOf(conversation), conversation.id()))
        .contains(Samples.conversation(conversation));
    assertThat(List.of("new_a", "new_b")).noneMatch(tenant::canLink);
    tenant.append(conversation, message("msg_4"));
    assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 4));
  }
}
