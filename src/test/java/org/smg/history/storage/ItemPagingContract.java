package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;

/** Pages of a conversation's items. */
public interface ItemPagingContract extends StorageUnderTest {

  @Test
  default void anEmptyConversationHasOneEmptyPage() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");

    for (Order order : Order.values()) {
      assertThat(
              storage()
                  .conversations()
                  .items(scopeOf(conversation), conversation.id(), new PageRequest(1, order, null)))
          .isEqualTo(Page.empty());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ASC,  4,      ,       true,  msg_1 msg_2 msg_3 msg_4",
    "ASC,  5,      ,       false, msg_1 msg_2 msg_3 msg_4 msg_5",
    "ASC,  6,      ,       false, msg_1 msg_2 msg_3 msg_4 msg_5",
    "ASC,  2,      msg_2,  true,  msg_3 msg_4",
    "ASC,  3,      msg_2,  false, msg_3 msg_4 msg_5",
    "ASC,  4,      msg_2,  false, msg_3 msg_4 msg_5",
    "ASC,  1,      msg_5,  false, ''",
    "DESC, 4,      ,       true,  msg_5 msg_4 msg_3 msg_2",
    "DESC, 5,      ,       false, msg_5 msg_4 msg_3 msg_2 msg_1",
    "DESC, 6,      ,       false, msg_5 msg_4 msg_3 msg_2 msg_1",
    "DESC, 2,      msg_4,  true,  msg_3 msg_2",
    "DESC, 3,      msg_4,  false, msg_3 msg_2 msg_1",
    "DESC, 4,      msg_4,  false, msg_3 msg_2 msg_1",
    "DESC, 1,      msg_1,  false, ''"
  })
  default void aPageSaysExactlyWhetherMoreFollows(
      Order order, int limit, String after, boolean hasMore, String ids) {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 5));

    Page<Item> page =
        storage()
            .conversations()
            .items(scopeOf(conversation), conversation.id(), new PageRequest(limit, order, after));

    assertThat(String.join(" ", page.data().stream().map(Item::id).toList())).isEqualTo(ids);
    assertThat(page.hasMore()).isEqualTo(hasMore);
  }

  @Test
  default void pagesOfEverySizeTellTheSame() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 7));
    storage().conversations().removeItem(scopeOf(conversation), conversation.id(), "msg_4", at(1));
    tenant.append(conversation, message("a"), message("0"));

    tenant
        .itemsOf(conversation)
        .assertEntries(List.of("msg_1", "msg_2", "msg_3", "msg_5", "msg_6", "msg_7", "a", "0"));
  }

  @Test
  default void aLongConversationHasNoLastPageTooEarly() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    for (int batch = 1; batch <= 15; batch++) {
      tenant.append(conversation, messages("msg_" + batch + "_", 20));
    }

    assertThat(tenant.itemsOf(conversation).walk(Order.ASC, 100)).hasSize(300);
    assertThat(tenant.itemsOf(conversation).walk(Order.DESC, 7)).hasSize(300);
  }

  @Test
  default void aPageAfterAnUnknownCursorIsRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));

    tenant.itemsOf(conversation).assertCursorRefused("nowhere");
    tenant.itemsOf(tenant.conversation("conv_empty")).assertCursorRefused("nowhere");
  }

  @Test
  default void aPageAfterAnItemOfAnotherConversationIsRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
    tenant.conversation("conv_b", message("other"));
    tenant.record(tenant.turn("resp_a").output(message("answered")));

    tenant.itemsOf(conversation).assertCursorRefused("other");
    tenant.itemsOf(conversation).assertCursorRefused("answered");
    tenant.itemsOf(conversation).assertCursorRefused("conv_a");
  }

  @Test
  default void aPageAfterARemovedItemIsRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
    tenant.conversation("conv_b", Samples.reference("msg_2"));

    storage().conversations().removeItem(scopeOf(conversation), conversation.id(), "msg_2", at(1));

    tenant.itemsOf(conversation).assertCursorRefused("msg_2");
  }

  @Test
  default void aCursorIsAPlaceInTheConversationThatIsRead() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_a", message("msg_1"), message("msg_2"), message("msg_3"));
    Key turned =
        tenant.conversation("conv_b", message("msg_3"), message("msg_2"), message("msg_1"));

    Page<Item> page =
        storage()
            .conversations()
            .items(scopeOf(turned), turned.id(), new PageRequest(10, Order.ASC, "msg_2"));

    assertThat(page.data()).containsExactly(message("msg_1"));
  }

  @Test
  default void anItemAppendedWhilePagingComesOnceAndLast() {
    SampleTenant tenant = freshTenant();
    ConversationStore store = storage().conversations();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 4));
    assertThat(
            store
                .items(
                    scopeOf(conversation), conversation.id(), new PageRequest(4, Order.ASC, null))
                .hasMore())
        .isFalse();

    tenant.append(conversation, message("0"));

    assertThat(
            store.items(
                scopeOf(conversation), conversation.id(), new PageRequest(4, Order.ASC, "msg_4")))
        .isEqualTo(new Page<>(List.of(message("0")), false));
    assertThat(
            store
                .items(
                    scopeOf(conversation),
                    conversation.id(),
                    new PageRequest(4, Order.DESC, "msg_4"))
                .data())
        .containsExactly(message("msg_3"), message("msg_2"), message("msg_1"));
  }
}
