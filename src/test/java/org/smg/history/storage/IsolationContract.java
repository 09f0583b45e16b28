package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Paging.assertRefused;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reference;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.StoredResponse;

/** What belongs to another tenant is not there, whatever is asked. */
public interface IsolationContract extends StorageUnderTest {

  @Test
  default void aConversationOfAnotherTenantIsNotFound() {
    SampleTenant theirs = tenantWithHistory();
    ConversationStore store = storage().conversations();
    Key key = freshTenant().key("conv_a");

    assertThat(store.find(scopeOf(key), key.id())).isEmpty();
    assertThat(store.replaceMetadata(scopeOf(key), key.id(), labels("a", "b"), at(9))).isEmpty();
    assertThat(store.delete(scopeOf(key), key.id())).isFalse();
    assertRefused(
        () -> store.append(scopeOf(key), key.id(), List.of(message("msg_b")), at(9)), null);
    assertRefused(() -> store.item(scopeOf(key), key.id(), "msg_a"), null);
    assertRefused(
        () -> store.items(scopeOf(key), key.id(), new PageRequest(1, Order.ASC, null)), null);
    assertRefused(() -> store.removeItem(scopeOf(key), key.id(), "msg_a", at(9)), null);
    assertUntouched(theirs);
  }

  @Test
  default void aResponseOfAnotherTenantIsNotFound() {
    SampleTenant theirs = tenantWithHistory();
    ResponseStore store = storage().responses();
    Key key = freshTenant().key("resp_a");

    assertThat(store.find(scopeOf(key), key.id())).isEmpty();
    assertThat(store.delete(scopeOf(key), key.id())).isFalse();
    assertRefused(
        () -> store.inputItems(scopeOf(key), key.id(), new PageRequest(1, Order.ASC, null)), null);
    assertRefused(() -> store.chain(scopeOf(key), key.id(), 10), null);
    assertUntouched(theirs);
  }

  @Test
  default void feedbackOfAnotherTenantIsNotFound() {
    SampleTenant theirs = tenantWithHistory();
    SampleTenant ours = freshTenant();

    assertThat(storage().feedback().find(ours.scope(), "fb_a")).isEmpty();
    assertThat(storage().feedback().delete(ours.scope(), "fb_a")).isFalse();
    assertRefused(() -> ours.feedback("fb_b", "resp_a"), null);
    assertUntouched(theirs);
  }

  @Test
  default void listsShowNothingOfAnotherTenant() {
    tenantWithHistory();
    SampleTenant ours = freshTenant();

    ConversationListContract.conversations(ours).assertEntries(List.of());
    ResponseListContract.responses(ours).assertEntries(List.of());
    FeedbackStoreContract.feedback(ours).assertEntries(List.of());
  }

  @Test
  default void cursorsOfAnotherTenantAreRefused() {
    tenantWithHistory();
    SampleTenant ours = freshTenant();
    Key conversation = ours.conversation("conv_b", message("msg_b"));
    ours.record(ours.turn("resp_b").input(message("in_b")));
    ours.feedback("fb_b", "resp_b");

    ours.itemsOf(conversation).assertCursorRefused("msg_a");
    ours.inputOf("resp_b").assertCursorRefused("in_a");
    ConversationListContract.conversations(ours).assertCursorRefused("conv_a");
    ResponseListContract.responses(ours).assertCursorRefused("resp_a");
    FeedbackStoreContract.feedback(ours).assertCursorRefused("fb_a");
  }

  @Test
  default void cursorsOfAnotherTenantAreRefusedInHistoryOfTheSameName() {
    tenantWithHistory();
    SampleTenant ours = freshTenant();
    Key conversation = ours.conversation("conv_a", message("msg_b"));
    ours.record(ours.turn("resp_a").input(message("in_b")));

    assertThat(storage().conversations().item(scopeOf(conversation), conversation.id(), "msg_a"))
        .isEmpty();
    assertThat(
            storage()
                .conversations()
                .removeItem(scopeOf(conversation), conversation.id(), "msg_a", at(9)))
        .isEmpty();
    ours.itemsOf(conversation).assertCursorRefused("msg_a");
    ours.inputOf("resp_a").assertCursorRefused("in_a");
  }

  @Test
  default void itemsOfAnotherTenantCannotBeReferredTo() {
    SampleTenant theirs = tenantWithHistory();
    SampleTenant ours = freshTenant();
    Key conversation = ours.conversation("conv_b");

    for (String id : List.of("msg_a", "in_a", "out_a")) {
      assertThatThrownBy(() -> ours.append(conversation, reference(id)))
          .isInstanceOf(HistoryFailure.UnknownReference.class);
      assertThatThrownBy(() -> ours.conversation("conv_c", reference(id)))
          .isInstanceOf(HistoryFailure.UnknownReference.class);
      assertThatThrownBy(() -> ours.record(ours.turn("resp_b").input(reference(id))))
          .isInstanceOf(HistoryFailure.UnknownReference.class);
    }
    assertUntouched(theirs);
  }

  @Test
  default void anIdThatAnotherTenantUsesBringsNothingAlong() {
    SampleTenant theirs = tenantWithHistory();
    SampleTenant ours = freshTenant();

    Key conversation = ours.conversation("conv_a", message("msg_a", "ours"));
    ours.append(conversation, message("in_a", "ours"));
    Key other = ours.conversation("conv_b");
    ours.record(ours.turn("resp_b").in(other).input(message("out_a", "ours")));

    assertThat(ours.items(conversation))
        .containsExactly(message("msg_a", "ours"), message("in_a", "ours"));
    assertThat(ours.items(other)).containsExactly(message("out_a", "ours"));
    assertUntouched(theirs);
  }

  @Test
  default void aTurnCannotBeRecordedInAConversationOfAnotherTenant() {
    SampleTenant theirs = tenantWithHistory();
    SampleTenant ours = freshTenant();

    assertRefused(
        () -> ours.record(ours.turn("resp_b").in(theirs.key("conv_a")).output(message("out_b"))),
        null);

    assertUntouched(theirs);
  }

  @Test
  default void aResponseIdThatAnotherTenantUsesIsFree() {
    SampleTenant theirs = tenantWithHistory();
    SampleTenant ours = freshTenant();
    TurnBuilder turn = ours.turn("resp_a").fingerprint("ours").model("ours");

    assertThat(ours.record(turn)).isEqualTo(turn.response());

    assertThat(storage().responses().find(ours.scope(), "resp_a")).contains(turn.response());
    assertUntouched(theirs);
  }

  @Test
  default void aChainEndsAtTheTenant() {
    tenantWithHistory();
    SampleTenant ours = freshTenant();
    ours.record(ours.turn("resp_b").after("resp_a"));

    assertThat(storage().responses().chain(ours.scope(), "resp_b", 10).data())
        .map(member -> member.key().id())
        .containsExactly("resp_b");
    assertThat(storage().responses().chain(ours.scope(), "resp_b", 1).hasMore()).isFalse();
  }

  @Test
  default void deletingHistoryOfTheSameNameLeavesThatOfAnotherTenant() {
    SampleTenant theirs = tenantWithHistory();
    SampleTenant ours = tenantWithHistory();

    assertThat(storage().feedback().delete(ours.scope(), "fb_a")).isTrue();
    assertUntouched(theirs);
    storage().conversations().removeItem(ours.scope(), "conv_a", "msg_a", at(9));
    assertThat(storage().conversations().delete(ours.scope(), "conv_a")).isTrue();
    assertThat(storage().responses().delete(ours.scope(), "resp_a")).isTrue();

    assertUntouched(theirs);
    assertThat(List.of("msg_a", "in_a", "out_a")).noneMatch(ours::canLink);
  }

  @ParameterizedTest
  @ValueSource(strings = {":", "/", "|", "_", "\\", "{", "}", " ", "%", "::", "-"})
  default void namesAreNotRunTogether(String separator) {
    SampleTenant one = freshTenant();
    SampleTenant two = new SampleTenant(storage(), one.name() + separator + "a");
    Key first = one.conversation("a" + separator + "b", message("msg_1"));
    Key second = two.conversation("b", message("msg_2"));
    one.record(one.turn("a" + separator + "r").model("one"));
    two.record(two.turn("r").model("two").fingerprint("two"));
    Key outer = one.conversation("c", message("d" + separator + "e"));
    Key inner = one.conversation("c" + separator + "d", message("e"));

    assertThat(one.itemIds(first)).containsExactly("msg_1");
    assertThat(two.itemIds(second)).containsExactly("msg_2");
    assertThat(storage().responses().find(two.scope(), "r"))
        .map(StoredResponse::model)
        .contains("two");
    assertThat(storage().conversations().item(scopeOf(outer), outer.id(), "e")).isEmpty();
    assertThat(one.itemIds(inner)).containsExactly("e");

    storage().conversations().delete(scopeOf(second), second.id());
    assertThat(one.itemIds(first)).containsExactly("msg_1");
  }

  private SampleTenant tenantWithHistory() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("msg_a"));
    tenant.record(
        tenant.turn("resp_a").in(conversation).input(message("in_a")).output(message("out_a")));
    tenant.feedback("fb_a", "resp_a");
    return tenant;
  }

  private static void assertUntouched(SampleTenant tenant) {
    Key conversation = tenant.key("conv_a");
    Storage storage = tenant.storage();
    TurnBuilder turn = tenant.turn("resp_a").in(conversation).output(message("out_a"));
    assertThat(storage.conversations().find(scopeOf(conversation), conversation.id()))
        .contains(Samples.conversation(conversation).updated(at(1)));
    assertThat(tenant.items(conversation))
        .containsExactly(message("msg_a"), message("in_a"), message("out_a"));
    assertThat(storage.responses().find(tenant.scope(), "resp_a")).contains(turn.response());
    assertThat(tenant.input("resp_a")).containsExactly(message("in_a"));
    assertThat(storage.feedback().find(tenant.scope(), "fb_a"))
        .contains(Samples.feedback(tenant.key("fb_a"), "resp_a").about(turn.response()));
  }
}
