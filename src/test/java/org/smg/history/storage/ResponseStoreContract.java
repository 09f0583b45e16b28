package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Paging.assertRefused;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TokenUsage;
import org.smg.history.model.Turn;

public interface ResponseStoreContract extends RecordContract, ChainContract, ResponseListContract {

  @Test
  default void aResponseIsFoundAsItWasRecorded() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder turn =
        tenant
            .turn("resp_a")
            .in(conversation)
            .after("resp_0")
            .metadata(labels("topic", "tea", "app", "chat"))
            .created(3)
            .recorded(5);

    assertThat(tenant.record(turn)).isEqualTo(turn.response());
    assertThat(storage().responses().find(tenant.scope(), "resp_a")).contains(turn.response());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IN_PROGRESS")
  default void everyEndOfAModelCallIsKept(ResponseStatus status) {
    SampleTenant tenant = freshTenant();

    tenant.record(tenant.turn("resp_a").status(status));

    assertThat(storage().responses().find(tenant.scope(), "resp_a"))
        .map(StoredResponse::status)
        .contains(status);
  }

  @Test
  default void whatTheModelServerDidNotGiveStaysUnknown() {
    Key key = freshTenant().key("resp_a");
    StoredResponse bare =
        new StoredResponse(
            key,
            null,
            at(1),
            at(0),
            null,
            ResponseStatus.FAILED,
            null,
            null,
            null,
            null,
            null,
            TokenUsage.UNKNOWN,
            Metadata.NONE,
            "fingerprint",
            JsonText.of("{}"));

    storage()
        .responses()
        .record(
            scopeOf(new Turn(bare, List.of(), List.of()).response().key()),
            new Turn(bare, List.of(), List.of()));

    assertThat(storage().responses().find(scopeOf(key), key.id())).contains(bare);
  }

  @Test
  default void tokensAreCountedWithoutLimit() {
    Key key = freshTenant().key("resp_a");
    StoredResponse sample = new TurnBuilder(key, Samples.OWNER).response();
    StoredResponse counted =
        new StoredResponse(
            key,
            sample.owner(),
            sample.recordedAt(),
            sample.createdAt(),
            sample.completedAt(),
            sample.status(),
            sample.model(),
            null,
            null,
            null,
            null,
            new TokenUsage(0L, null, 5_000_000_000L, 0L, Long.MAX_VALUE),
            sample.metadata(),
            sample.fingerprint(),
            sample.json());

    storage()
        .responses()
        .record(
            scopeOf(new Turn(counted, List.of(), List.of()).response().key()),
            new Turn(counted, List.of(), List.of()));

    assertThat(storage().responses().find(scopeOf(key), key.id())).contains(counted);
  }

  @Test
  default void whatIsNotRecordedIsNotFound() {
    ResponseStore store = storage().responses();
    Key nowhere = freshTenant().key("resp_a");

    assertThat(store.find(scopeOf(nowhere), nowhere.id())).isEmpty();
    assertThat(store.delete(scopeOf(nowhere), nowhere.id())).isFalse();
    assertRefused(
        () -> store.inputItems(scopeOf(nowhere), nowhere.id(), new PageRequest(1, Order.ASC, null)),
        null);
    assertRefused(() -> store.chain(scopeOf(nowhere), nowhere.id(), 1), null);
  }

  @Test
  default void inputItemsAreListedInTheOrderInWhichTheyWereSent() {
    SampleTenant tenant = freshTenant();
    tenant.record(
        tenant
            .turn("resp_a")
            .input(message("c"), message("a"), message("d"), message("b"))
            .output(message("out")));

    tenant.inputOf("resp_a").assertEntries(List.of("c", "a", "d", "b"));
  }

  @Test
  default void aResponseCanHaveNoInputItems() {
    SampleTenant tenant = freshTenant();

    tenant.record(tenant.turn("resp_a").output(message("out")));

    assertThat(tenant.inputOf("resp_a").walk(Order.DESC, 1)).isEmpty();
  }

  @Test
  default void inputItemsAfterAnItemThatIsNotAmongThemAreRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    tenant.record(
        tenant.turn("resp_a").in(conversation).input(messages("in_", 3)).output(message("out")));
    tenant.record(tenant.turn("resp_b").input(message("other")));

    for (String cursor : List.of("nowhere", "before", "out", "other")) {
      tenant.inputOf("resp_a").assertCursorRefused(cursor);
    }
  }

  @Test
  default void inputItemsStayWhenTheConversationLosesThem() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    tenant.record(tenant.turn("resp_a").in(conversation).input(messages("in_", 3)));

    storage().conversations().removeItem(scopeOf(conversation), conversation.id(), "in_2", at(9));

    tenant.inputOf("resp_a").assertEntries(List.of("in_1", "in_2", "in_3"));
    assertThat(tenant.itemIds(conversation)).containsExactly("in_1", "in_3");
    assertThat(tenant.canLink("in_2")).isTrue();
  }

  @Test
  default void aDeletedResponseLeavesNothingButItsConversation() {
    SampleTenant tenant = freshTenant();
    ResponseStore store = storage().responses();
    Key conversation = tenant.conversation("conv_a", message("before"));
    tenant.record(
        tenant.turn("resp_a").in(conversation).input(message("in")).output(message("out")));
    tenant.record(tenant.turn("resp_b").input(message("only_in")).output(message("only_out")));

    assertThat(store.delete(tenant.scope(), "resp_a")).isTrue();
    assertThat(store.delete(tenant.scope(), "resp_b")).isTrue();

    assertThat(store.find(tenant.scope(), "resp_a")).isEmpty();
    assertThat(store.delete(tenant.scope(), "resp_a")).isFalse();
    assertRefused(() -> tenant.input("resp_a"), null);
    assertThat(tenant.items(conversation))
        .containsExactly(message("before"), message("in"), message("out"));
    assertThat(List.of("in", "out")).allMatch(tenant::canLink);
    assertThat(List.of("only_in", "only_out")).noneMatch(tenant::canLink);
  }

  @Test
  default void aDeletedResponseTakesItsFeedbackAlong() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a"));
    tenant.record(tenant.turn("resp_b"));
    tenant.feedback("fb_1", "resp_a");
    tenant.feedback("fb_2", "resp_b");
    tenant.feedback("fb_3", "resp_a");

    storage().responses().delete(tenant.scope(), "resp_a");
    tenant.record(tenant.turn("resp_a"));

    FeedbackStoreContract.feedback(tenant).assertEntries(List.of("fb_2"));
    assertThat(storage().feedback().find(tenant.scope(), "fb_1")).isEmpty();
    assertThat(storage().feedback().delete(tenant.scope(), "fb_3")).isFalse();
    assertThat(storage().feedback().find(tenant.scope(), "fb_2")).isPresent();
  }

  @Test
  default void aDeletedResponseCanBeRecordedAgainWithOtherContent() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a").input(message("in", "before")));
    storage().responses().delete(tenant.scope(), "resp_a");
    TurnBuilder again = tenant.turn("resp_a").fingerprint("other").input(message("in", "after"));

    assertThat(tenant.record(again)).isEqualTo(again.response());

    assertThat(tenant.input("resp_a")).containsExactly(message("in", "after"));
  }
}
