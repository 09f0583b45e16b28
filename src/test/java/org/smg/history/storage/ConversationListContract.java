package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.between;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.TimeRange;

/** Lists of conversations. */
public interface ConversationListContract extends StorageUnderTest {

  @Test
  default void aTenantWithoutConversationsHasAnEmptyList() {
    assertThat(conversations(freshTenant()).walk(Order.DESC, 1)).isEmpty();
  }

  @Test
  default void conversationsAreListedInTheOrderOfCreation() {
    SampleTenant tenant = freshTenant();
    create(tenant, "conv_2", 30, Metadata.NONE);
    create(tenant, "conv_3", 10, Metadata.NONE);
    create(tenant, "conv_1", 20, Metadata.NONE);

    conversations(tenant).assertEntries(List.of("conv_3", "conv_1", "conv_2"));
  }

  @Test
  default void conversationsOfTheSameInstantAreListedByTheirIds() {
    SampleTenant tenant = freshTenant();
    for (String id : List.of("conv_3", "conv_1", "conv_4", "conv_2")) {
      create(tenant, id, 0, Metadata.NONE);
    }

    conversations(tenant).assertEntries(List.of("conv_1", "conv_2", "conv_3", "conv_4"));
  }

  @Test
  default void anUpdateDoesNotMoveAConversationInTheList() {
    SampleTenant tenant = freshTenant();
    create(tenant, "conv_1", 10, Metadata.NONE);
    create(tenant, "conv_2", 20, Metadata.NONE);

    storage().conversations().replaceMetadata(tenant.scope(), "conv_1", labels("a", "b"), at(90));

    conversations(tenant).assertEntries(List.of("conv_1", "conv_2"));
  }

  @Test
  default void aListShowsConversationsAsTheyAreNow() {
    SampleTenant tenant = freshTenant();
    Conversation created = create(tenant, "conv_1", 10, labels("a", "1"));

    storage()
        .conversations()
        .replaceMetadata(scopeOf(created.key()), created.key().id(), labels("b", "2"), at(90));

    assertThat(conversations(tenant).walk(Order.ASC, 10))
        .containsExactly(created.withMetadata(labels("b", "2"), at(90)));
    assertListed(tenant, labels("a", "1"), TimeRange.ALWAYS);
    assertListed(tenant, labels("b", "2"), TimeRange.ALWAYS, "conv_1");
  }

  @Test
  default void aListCanBeFilteredByLabels() {
    SampleTenant tenant = freshTenant();
    create(tenant, "conv_1", 1, labels("app", "chat", "lang", "de"));
    create(tenant, "conv_2", 2, labels("app", "chat", "lang", "en"));
    create(tenant, "conv_3", 3, labels("app", "mail"));
    create(tenant, "conv_4", 4, labels("lang", "chat"));
    create(tenant, "conv_5", 5, Metadata.NONE);

    assertListed(tenant, labels("app", "chat"), TimeRange.ALWAYS, "conv_1", "conv_2");
    assertListed(tenant, labels("lang", "de", "app", "chat"), TimeRange.ALWAYS, "conv_1");
    assertListed(tenant, labels("lang", "chat"), TimeRange.ALWAYS, "conv_4");
    assertListed(tenant, labels("app", "CHAT"), TimeRange.ALWAYS);
    assertListed(tenant, labels("app", "cha%"), TimeRange.ALWAYS);
    assertListed(tenant, labels("app", ""), TimeRange.ALWAYS);
    assertListed(tenant, labels("chat", "app"), TimeRange.ALWAYS);
  }

  @Test
  default void aTimeRangeIncludesItsBeginningAndNotItsEnd() {
    SampleTenant tenant = freshTenant();
    for (int created = 1; created <= 5; created++) {
      create(tenant, "conv_" + created, created, Metadata.NONE);
    }

    assertListed(tenant, Metadata.NONE, between(2, 4), "conv_2", "conv_3");
    assertListed(tenant, Metadata.NONE, between(2, 2));
    assertListed(tenant, Metadata.NONE, new TimeRange(at(4), null), "conv_4", "conv_5");
    assertListed(tenant, Metadata.NONE, new TimeRange(null, at(2)), "conv_1");
  }

  @Test
  default void labelsAndTimesFilterTogether() {
    SampleTenant tenant = freshTenant();
    for (int created = 1; created <= 6; created++) {
      create(tenant, "conv_" + created, created, labels("even", "" + (created % 2 == 0)));
    }

    assertListed(tenant, labels("even", "true"), between(2, 6), "conv_2", "conv_4");
    assertListed(tenant, labels("even", "false"), between(2, 6), "conv_3", "conv_5");
  }

  @Test
  default void aDeletedConversationIsNotListed() {
    SampleTenant tenant = freshTenant();
    for (int created = 1; created <= 3; created++) {
      create(tenant, "conv_" + created, created, Metadata.NONE);
    }

    storage().conversations().delete(tenant.scope(), "conv_2");

    conversations(tenant).assertEntries(List.of("conv_1", "conv_3"));
    conversations(tenant).assertCursorRefused("conv_2");
  }

  @Test
  default void aListAfterAnUnknownConversationIsRefused() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_a", Samples.message("msg_a"));
    tenant.record(tenant.turn("resp_a"));

    conversations(tenant).assertCursorRefused("nowhere");
    conversations(tenant).assertCursorRefused("msg_a");
    conversations(tenant).assertCursorRefused("resp_a");
  }

  private static Conversation create(
      SampleTenant tenant, String id, long created, Metadata metadata) {
    Conversation conversation = Samples.conversation(tenant.key(id), created, metadata);
    tenant.storage().conversations().create(scopeOf(conversation.key()), conversation, List.of());
    return conversation;
  }

  private static void assertListed(
      SampleTenant tenant, Metadata labels, TimeRange created, String... ids) {
    conversations(tenant, labels, created).assertEntries(List.of(ids));
  }

  static Paging<Conversation> conversations(SampleTenant tenant) {
    return conversations(tenant, Metadata.NONE, TimeRange.ALWAYS);
  }

  private static Paging<Conversation> conversations(
      SampleTenant tenant, Metadata labels, TimeRange created) {
    ConversationFilter filter = new ConversationFilter(labels, created);
    return Paging.of(
        page -> tenant.storage().conversations().list(tenant.scope(), filter, page),
        conversation -> conversation.key().id());
  }
}
