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
import org.smg.history.model.Conversation;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;

public interface ConversationStoreContract
    extends AppendContract, ItemPagingContract, ConversationListContract {

  @Test
  default void aConversationIsFoundAsItWasCreated() {
    SampleTenant tenant = freshTenant();
    Conversation created =
        Samples.conversation(tenant.key("conv_a"), 7, labels("topic", "tea", "app", "chat"));

    storage().conversations().create(scopeOf(created.key()), created, List.of());

    assertThat(storage().conversations().find(scopeOf(created.key()), created.key().id()))
        .contains(created);
    assertThat(tenant.items(created.key())).isEmpty();
  }

  @Test
  default void anAnonymousConversationHasNoOwner() {
    Key key = freshTenant().key("conv_a");
    Conversation anonymous = new Conversation(key, null, at(0), at(0), Metadata.NONE);

    storage().conversations().create(scopeOf(anonymous.key()), anonymous, List.of());

    assertThat(storage().conversations().find(scopeOf(key), key.id())).contains(anonymous);
  }

  @Test
  default void aConversationIsCreatedWithItsFirstItems() {
    SampleTenant tenant = freshTenant();

    Key conversation = tenant.conversation("conv_a", messages("msg_", 20));

    assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 20));
  }

  @Test
  default void whatIsNotStoredIsNotFound() {
    ConversationStore store = storage().conversations();
    Key nowhere = freshTenant().key("conv_a");

    assertThat(store.find(scopeOf(nowhere), nowhere.id())).isEmpty();
    assertThat(store.replaceMetadata(scopeOf(nowhere), nowhere.id(), Metadata.NONE, at(1)))
        .isEmpty();
    assertThat(store.delete(scopeOf(nowhere), nowhere.id())).isFalse();
    assertRefused(
        () -> store.append(scopeOf(nowhere), nowhere.id(), List.of(message("msg_a")), at(1)), null);
    assertRefused(() -> store.item(scopeOf(nowhere), nowhere.id(), "msg_a"), null);
    assertRefused(
        () -> store.items(scopeOf(nowhere), nowhere.id(), new PageRequest(1, Order.ASC, null)),
        null);
    assertRefused(() -> store.removeItem(scopeOf(nowhere), nowhere.id(), "msg_a", at(1)), null);
  }

  @Test
  default void metadataIsReplacedAsAWhole() {
    SampleTenant tenant = freshTenant();
    Conversation created =
        Samples.conversation(tenant.key("conv_a"), 0, labels("old", "1", "kept", "no"));
    storage().conversations().create(scopeOf(created.key()), created, List.of(messages("msg_", 3)));
    Conversation replaced = created.withMetadata(labels("new", "2"), at(5));

    assertThat(
            storage()
                .conversations()
                .replaceMetadata(
                    scopeOf(created.key()), created.key().id(), labels("new", "2"), at(5)))
        .contains(replaced);
    assertThat(storage().conversations().find(scopeOf(created.key()), created.key().id()))
        .contains(replaced);
    assertThat(tenant.items(created.key())).containsExactly(messages("msg_", 3));
  }

  @Test
  default void metadataCanBeEmptied() {
    SampleTenant tenant = freshTenant();
    Conversation created = Samples.conversation(tenant.key("conv_a"), 0, labels("old", "1"));
    storage().conversations().create(scopeOf(created.key()), created, List.of());

    storage()
        .conversations()
        .replaceMetadata(scopeOf(created.key()), created.key().id(), Metadata.NONE, at(5));

    assertThat(storage().conversations().find(scopeOf(created.key()), created.key().id()))
        .contains(created.withMetadata(Metadata.NONE, at(5)));
  }

  @Test
  default void everyChangeOfItemsIsAnUpdate() {
    SampleTenant tenant = freshTenant();
    ConversationStore store = storage().conversations();
    Conversation created = Samples.conversation(tenant.key("conv_a"), 0, labels("topic", "tea"));
    store.create(scopeOf(created.key()), created, List.of());

    store.append(scopeOf(created.key()), created.key().id(), List.of(message("msg_a")), at(1));
    assertThat(store.find(scopeOf(created.key()), created.key().id()))
        .contains(created.updated(at(1)));

    store.removeItem(scopeOf(created.key()), created.key().id(), "msg_a", at(2));
    assertThat(store.find(scopeOf(created.key()), created.key().id()))
        .contains(created.updated(at(2)));

    tenant.record(tenant.turn("resp_a").in(created.key()).recorded(3).output(message("msg_b")));
    assertThat(store.find(scopeOf(created.key()), created.key().id()))
        .contains(created.updated(at(3)));
  }

  @Test
  default void anItemIsFoundInItsOwnConversationOnly() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("msg_a"));
    Key other = tenant.conversation("conv_b", message("msg_b"));

    assertThat(storage().conversations().item(scopeOf(conversation), conversation.id(), "msg_a"))
        .contains(message("msg_a"));
    assertThat(storage().conversations().item(scopeOf(other), other.id(), "msg_a")).isEmpty();
  }

  @Test
  default void aRemovedItemLeavesTheOthersInOrder() {
    SampleTenant tenant = freshTenant();
    Conversation created = Samples.conversation(tenant.key("conv_a"), 0, labels("topic", "tea"));
    ConversationStore store = storage().conversations();
    store.create(scopeOf(created.key()), created, List.of(messages("msg_", 5)));

    assertThat(store.removeItem(scopeOf(created.key()), created.key().id(), "msg_3", at(4)))
        .contains(created.updated(at(4)));

    assertThat(store.item(scopeOf(created.key()), created.key().id(), "msg_3")).isEmpty();
    assertThat(tenant.itemIds(created.key())).containsExactly("msg_1", "msg_2", "msg_4", "msg_5");
    assertThat(store.removeItem(scopeOf(created.key()), created.key().id(), "msg_3", at(5)))
        .isEmpty();
    assertThat(store.find(scopeOf(created.key()), created.key().id()))
        .contains(created.updated(at(4)));
    assertThat(tenant.canLink("msg_3")).isFalse();
  }

  @Test
  default void whatIsAppendedAfterARemovalComesLast() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
    storage().conversations().removeItem(scopeOf(conversation), conversation.id(), "msg_3", at(1));
    storage().conversations().removeItem(scopeOf(conversation), conversation.id(), "msg_1", at(2));

    tenant.append(conversation, message("msg_4"), message("msg_1"));

    assertThat(tenant.itemIds(conversation)).containsExactly("msg_2", "msg_4", "msg_1");
  }

  @Test
  default void anItemRemovedFromOneConversationStaysInTheOther() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("msg_a"));
    Key other = tenant.conversation("conv_b", Samples.reference("msg_a"));

    storage().conversations().removeItem(scopeOf(conversation), conversation.id(), "msg_a", at(1));

    assertThat(tenant.items(conversation)).isEmpty();
    assertThat(tenant.items(other)).containsExactly(message("msg_a"));
    assertThat(tenant.canLink("msg_a")).isTrue();
  }

  @Test
  default void aDeletedConversationLeavesNothing() {
    SampleTenant tenant = freshTenant();
    ConversationStore store = storage().conversations();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
    tenant.append(conversation, message("msg_4"));

    assertThat(store.delete(scopeOf(conversation), conversation.id())).isTrue();

    assertThat(store.find(scopeOf(conversation), conversation.id())).isEmpty();
    assertThat(store.delete(scopeOf(conversation), conversation.id())).isFalse();
    assertRefused(() -> tenant.items(conversation), null);
    assertRefused(() -> store.item(scopeOf(conversation), conversation.id(), "msg_1"), null);
    assertRefused(() -> tenant.append(conversation, message("msg_5")), null);
    assertThat(List.of("msg_1", "msg_2", "msg_3", "msg_4")).noneMatch(tenant::canLink);
  }

  @Test
  default void aConversationCreatedAgainBeginsEmpty() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("msg_a", "before"));
    storage().conversations().delete(scopeOf(conversation), conversation.id());

    tenant.conversation("conv_a", message("msg_b"));
    tenant.append(conversation, message("msg_a", "after"));

    assertThat(tenant.items(conversation))
        .containsExactly(message("msg_b"), message("msg_a", "after"));
  }

  @Test
  default void responsesOfADeletedConversationKeepTheirOwnItems() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("msg_a"));
    TurnBuilder turn =
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(Samples.reference("msg_a"), message("msg_b"))
            .output(message("msg_c"));
    tenant.record(turn);

    storage().conversations().delete(scopeOf(conversation), conversation.id());

    assertThat(storage().responses().find(tenant.scope(), "resp_a")).contains(turn.response());
    assertThat(tenant.input("resp_a")).containsExactly(message("msg_a"), message("msg_b"));
    assertThat(List.of("msg_a", "msg_b", "msg_c")).allMatch(tenant::canLink);
  }
}
