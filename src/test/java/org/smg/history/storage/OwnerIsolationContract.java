package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Paging.assertRefused;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reference;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;

/**
 * Where access is own-only, what another user of the same tenant made is not there, whatever is
 * asked; whoever may see the whole tenant sees both.
 */
public interface OwnerIsolationContract extends StorageUnderTest {

  @Test
  default void aConversationOfAnotherUserIsNotFound() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = alice.as("bob");
    ConversationStore store = storage().conversations();

    assertThat(store.find(bob.scope(), "conv_alice")).isEmpty();
    assertThat(store.replaceMetadata(bob.scope(), "conv_alice", labels("a", "b"), at(9))).isEmpty();
    assertThat(store.delete(bob.scope(), "conv_alice")).isFalse();
    assertRefused(
        () -> store.append(bob.scope(), "conv_alice", List.of(message("msg_b")), at(9)), null);
    assertRefused(() -> store.item(bob.scope(), "conv_alice", "msg_alice"), null);
    assertRefused(
        () -> store.items(bob.scope(), "conv_alice", new PageRequest(1, Order.ASC, null)), null);
    assertRefused(() -> store.removeItem(bob.scope(), "conv_alice", "msg_alice", at(9)), null);
    assertUntouched(alice);
  }

  @Test
  default void aResponseOfAnotherUserIsNotFound() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = alice.as("bob");
    ResponseStore store = storage().responses();

    assertThat(store.find(bob.scope(), "resp_alice")).isEmpty();
    assertThat(store.delete(bob.scope(), "resp_alice")).isFalse();
    assertRefused(
        () -> store.inputItems(bob.scope(), "resp_alice", new PageRequest(1, Order.ASC, null)),
        null);
    assertRefused(() -> store.chain(bob.scope(), "resp_alice", 10), null);
    assertUntouched(alice);
  }

  @Test
  default void feedbackOfAnotherUserIsNotFound() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = alice.as("bob");

    assertThat(storage().feedback().find(bob.scope(), "fb_alice")).isEmpty();
    assertThat(storage().feedback().delete(bob.scope(), "fb_alice")).isFalse();
    assertRefused(() -> bob.feedback("fb_b", "resp_alice"), null);
    assertUntouched(alice);
  }

  @Test
  default void listsShowNothingOfAnotherUser() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = userWithHistory(alice.as("bob"));
    SampleTenant carol = alice.as("carol");
    SampleTenant everything = alice.as(null);

    for (SampleTenant user : List.of(alice, bob)) {
      ConversationListContract.conversations(user).assertEntries(List.of("conv_" + user.user()));
      ResponseListContract.responses(user)
          .assertEntries(List.of("resp_" + user.user(), "solo_" + user.user()));
      FeedbackStoreContract.feedback(user).assertEntries(List.of("fb_" + user.user()));
    }
    ConversationListContract.conversations(carol).assertEntries(List.of());
    ResponseListContract.responses(carol).assertEntries(List.of());
    FeedbackStoreContract.feedback(carol).assertEntries(List.of());
    ConversationListContract.conversations(everything)
        .assertEntries(List.of("conv_alice", "conv_bob"));
    ResponseListContract.responses(everything)
        .assertEntries(List.of("resp_alice", "resp_bob", "solo_alice", "solo_bob"));
    FeedbackStoreContract.feedback(everything).assertEntries(List.of("fb_alice", "fb_bob"));
  }

  @Test
  default void filtersBringNothingOfAnotherUserAlong() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = userWithHistory(alice.as("bob"));

    ResponseListContract.FilterBuilder.of(bob)
        .conversation("conv_alice")
        .list(storage())
        .assertEntries(List.of());
    ResponseListContract.FilterBuilder.of(bob)
        .model("model")
        .list(storage())
        .assertEntries(List.of("resp_bob", "solo_bob"));
  }

  @Test
  default void cursorsOfAnotherUserAreRefused() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = userWithHistory(alice.as("bob"));

    ConversationListContract.conversations(bob).assertCursorRefused("conv_alice");
    ResponseListContract.responses(bob).assertCursorRefused("resp_alice");
    FeedbackStoreContract.feedback(bob).assertCursorRefused("fb_alice");
    bob.itemsOf(bob.key("conv_bob")).assertCursorRefused("msg_alice");
    bob.inputOf("resp_bob").assertCursorRefused("in_alice");
  }

  @Test
  default void itemsOfAnotherUserCannotBeReferredTo() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = alice.as("bob");
    Key conversation = bob.conversation("conv_b");

    for (String id : List.of("msg_alice", "in_alice", "out_alice", "alone_alice")) {
      assertThatThrownBy(() -> bob.append(conversation, reference(id)))
          .isInstanceOf(HistoryFailure.UnknownReference.class);
      assertThatThrownBy(() -> bob.conversation("conv_c", reference(id)))
          .isInstanceOf(HistoryFailure.UnknownReference.class);
      assertThatThrownBy(() -> bob.record(bob.turn("resp_b").input(reference(id))))
          .isInstanceOf(HistoryFailure.UnknownReference.class);
      assertThat(alice.canLink(id)).isTrue();
      assertThat(alice.as(null).canLink(id)).isTrue();
    }
    assertUntouched(alice);
  }

  @Test
  default void anIdThatAnotherUserUsesBringsNothingAlong() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = alice.as("bob");

    Key conversation = bob.conversation("conv_b", message("msg_alice", "ours"));
    bob.append(conversation, message("in_alice", "ours"), message("alone_alice", "ours"));
    Key other = bob.conversation("conv_c");
    bob.record(bob.turn("resp_b").in(other).input(message("out_alice", "ours")));

    assertThat(bob.items(conversation))
        .containsExactly(
            message("msg_alice", "ours"),
            message("in_alice", "ours"),
            message("alone_alice", "ours"));
    assertThat(bob.items(other)).containsExactly(message("out_alice", "ours"));
    bob.append(other, reference("msg_alice"));
    assertThat(bob.items(other))
        .containsExactly(message("out_alice", "ours"), message("msg_alice", "ours"));
    assertUntouched(alice);
  }

  @Test
  default void aTurnCannotBeRecordedInAConversationOfAnotherUser() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = alice.as("bob");
    Key conversation = alice.key("conv_alice");

    assertRefused(() -> bob.record(bob.turn("resp_b").in(conversation)), null);
    assertRefused(
        () -> bob.record(bob.turn("resp_b").in(conversation).output(message("out_b"))), null);

    assertThat(storage().responses().find(bob.scope(), "resp_b")).isEmpty();
    assertUntouched(alice);
  }

  @Test
  default void aResponseIdThatAnotherUserTookIsRefused() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = alice.as("bob");

    assertThatThrownBy(() -> bob.record(bob.turn("resp_alice")))
        .isInstanceOf(HistoryFailure.ResponseAlreadyRecorded.class);
    assertThatThrownBy(() -> bob.record(bob.turn("resp_alice").fingerprint("other")))
        .isInstanceOf(HistoryFailure.ResponseAlreadyRecorded.class);

    assertUntouched(alice);
  }

  @Test
  default void aChainEndsAtTheOwner() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant bob = alice.as("bob");
    bob.record(bob.turn("resp_b").after("resp_alice"));

    assertThat(storage().responses().chain(bob.scope(), "resp_b", 10).data())
        .map(member -> member.key().id())
        .containsExactly("resp_b");
    assertThat(storage().responses().chain(bob.scope(), "resp_b", 1).hasMore()).isFalse();
    assertThat(storage().responses().chain(alice.as(null).scope(), "resp_b", 10).data())
        .map(member -> member.key().id())
        .containsExactly("resp_alice", "resp_b");
  }

  @Test
  default void deletingAResponseTakesTheFeedbackOfOthersAlong() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant everything = alice.as(null);
    everything.feedback("fb_owner", "resp_alice");

    assertThat(storage().responses().delete(alice.scope(), "resp_alice")).isTrue();

    FeedbackStoreContract.feedback(everything).assertEntries(List.of());
  }

  @Test
  default void whoMaySeeTheTenantMayChangeWhatItsUsersMade() {
    SampleTenant alice = userWithHistory("alice");
    SampleTenant everything = alice.as(null);
    Key conversation = alice.key("conv_alice");

    everything.append(conversation, message("msg_b"), reference("alone_alice"));
    everything.record(everything.turn("resp_b").in(conversation).output(message("out_b")));

    assertThat(alice.itemIds(conversation))
        .containsExactly("msg_alice", "in_alice", "out_alice", "msg_b", "alone_alice", "out_b");
    assertThat(storage().conversations().find(alice.scope(), "conv_alice")).isPresent();
    assertThat(storage().responses().find(alice.scope(), "resp_b")).isEmpty();
  }

  private SampleTenant userWithHistory(String user) {
    return userWithHistory(freshTenant().as(user));
  }

  /** Everything that a user can make, under ids that end in the user's name. */
  private static SampleTenant userWithHistory(SampleTenant user) {
    String name = user.user();
    Key conversation = user.conversation("conv_" + name, message("msg_" + name));
    user.record(
        user.turn("resp_" + name)
            .in(conversation)
            .input(message("in_" + name))
            .output(message("out_" + name)));
    user.record(user.turn("solo_" + name).input(message("alone_" + name)));
    user.feedback("fb_" + name, "resp_" + name);
    return user;
  }

  private static void assertUntouched(SampleTenant user) {
    String name = user.user();
    Key conversation = user.key("conv_" + name);
    Storage storage = user.storage();
    TurnBuilder turn = user.turn("resp_" + name).in(conversation).output(message("out_" + name));
    assertThat(storage.conversations().find(user.scope(), conversation.id()))
        .contains(Samples.conversation(conversation, name).updated(at(1)));
    assertThat(user.items(conversation))
        .containsExactly(message("msg_" + name), message("in_" + name), message("out_" + name));
    assertThat(storage.responses().find(user.scope(), "resp_" + name)).contains(turn.response());
    assertThat(user.input("resp_" + name)).containsExactly(message("in_" + name));
    assertThat(user.input("solo_" + name)).containsExactly(message("alone_" + name));
    assertThat(storage.feedback().find(user.scope(), "fb_" + name))
        .contains(
            Samples.feedback(user.key("fb_" + name), name, "resp_" + name).about(turn.response()));
  }
}
