package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Paging.assertRefused;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.between;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Rating;
import org.smg.history.model.TimeRange;

public interface FeedbackStoreContract extends StorageUnderTest {

  @Test
  default void feedbackTakesConversationAndModelOverFromItsResponse() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder turn = tenant.turn("resp_a").in(conversation).model("gpt");
    tenant.record(turn);
    Feedback given = Samples.feedback(tenant.key("fb_a"), "resp_a");
    Feedback expected = given.about(turn.response());

    assertThat(storage().feedback().add(scopeOf(given.key()), given)).isEqualTo(expected);

    assertThat(expected.conversationId()).isEqualTo("conv_a");
    assertThat(expected.model()).isEqualTo("gpt");
    assertThat(storage().feedback().find(scopeOf(given.key()), given.key().id()))
        .contains(expected);
    assertThat(feedback(tenant).walk(Order.ASC, 1)).containsExactly(expected);
  }

  @Test
  default void whatNobodySaidInFeedbackStaysUnknown() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a").model(null));
    Feedback bare =
        new Feedback(
            tenant.key("fb_a"),
            null,
            "resp_a",
            null,
            null,
            Rating.NEGATIVE,
            null,
            null,
            Metadata.NONE,
            at(0));

    assertThat(storage().feedback().add(scopeOf(bare.key()), bare)).isEqualTo(bare);
    assertThat(storage().feedback().find(scopeOf(bare.key()), bare.key().id())).contains(bare);
  }

  @Test
  default void feedbackOnAnUnknownResponseIsRefused() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_deleted"));
    storage().responses().delete(tenant.scope(), "resp_deleted");

    assertRefused(() -> tenant.feedback("fb_a", "resp_nowhere"), null);
    assertRefused(() -> tenant.feedback("fb_a", "resp_deleted"), null);

    assertThat(storage().feedback().find(tenant.scope(), "fb_a")).isEmpty();
    assertThat(feedback(tenant).walk(Order.ASC, 1)).isEmpty();
  }

  @Test
  default void aResponseCanHaveMuchFeedback() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a"));

    for (int number = 1; number <= 3; number++) {
      tenant.feedback("fb_" + number, "resp_a");
    }

    feedback(tenant).assertEntries(List.of("fb_1", "fb_2", "fb_3"));
  }

  @Test
  default void deletedFeedbackIsGone() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a"));
    for (int number = 1; number <= 3; number++) {
      tenant.feedback("fb_" + number, "resp_a");
    }

    assertThat(storage().feedback().delete(tenant.scope(), "fb_2")).isTrue();

    assertThat(storage().feedback().delete(tenant.scope(), "fb_2")).isFalse();
    assertThat(storage().feedback().find(tenant.scope(), "fb_2")).isEmpty();
    feedback(tenant).assertEntries(List.of("fb_1", "fb_3"));
    feedback(tenant).assertCursorRefused("fb_2");
    assertThat(storage().responses().find(tenant.scope(), "resp_a")).isPresent();
  }

  @Test
  default void feedbackOutlivesTheConversationOfItsResponse() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    tenant.record(tenant.turn("resp_a").in(conversation));
    Feedback given = tenant.feedback("fb_a", "resp_a");

    storage().conversations().delete(scopeOf(conversation), conversation.id());

    assertThat(storage().feedback().find(scopeOf(given.key()), given.key().id())).contains(given);
  }

  @Test
  default void feedbackIsListedByCreationThenByIds() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a"));
    add(tenant, "fb_1", "resp_a", Rating.POSITIVE, "author", 30);
    add(tenant, "fb_4", "resp_a", Rating.POSITIVE, "author", 20);
    add(tenant, "fb_2", "resp_a", Rating.POSITIVE, "author", 20);
    add(tenant, "fb_3", "resp_a", Rating.POSITIVE, "author", 10);

    feedback(tenant).assertEntries(List.of("fb_3", "fb_2", "fb_4", "fb_1"));
  }

  @Test
  default void feedbackCanBeFilteredByEachFieldAndByAll() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a").in(tenant.conversation("conv_a")).model("gpt"));
    tenant.record(tenant.turn("resp_b").in(tenant.conversation("conv_b")).model("gpt"));
    tenant.record(tenant.turn("resp_c").model("llama"));
    add(tenant, "fb_1", "resp_a", Rating.POSITIVE, "ann", 1);
    add(tenant, "fb_2", "resp_a", Rating.NEGATIVE, "bob", 2);
    add(tenant, "fb_3", "resp_b", Rating.NEGATIVE, "ann", 3);
    add(tenant, "fb_4", "resp_c", Rating.POSITIVE, null, 4);
    add(tenant, "fb_5", "resp_c", Rating.NEGATIVE, "ann", 5);
    add(tenant, "fb_6", "resp_a", Rating.NEGATIVE, "ann", 6);
    TimeRange always = TimeRange.ALWAYS;
    Rating bad = Rating.NEGATIVE;

    assertListed(tenant, filter(tenant, bad, null, null, null, null, always), "2 3 5 6");
    assertListed(tenant, filter(tenant, null, "resp_a", null, null, null, always), "1 2 6");
    assertListed(tenant, filter(tenant, null, null, "conv_b", null, null, always), "3");
    assertListed(tenant, filter(tenant, null, null, null, "gpt", null, always), "1 2 3 6");
    assertListed(tenant, filter(tenant, null, null, null, null, "ann", always), "1 3 5 6");
    assertListed(tenant, filter(tenant, null, null, null, null, "an%", always), "");
    assertListed(tenant, filter(tenant, null, null, null, null, null, between(2, 4)), "2 3");
    assertListed(
        tenant, filter(tenant, null, null, null, null, null, new TimeRange(at(5), null)), "5 6");
    assertListed(
        tenant, filter(tenant, null, null, null, null, null, new TimeRange(null, at(2))), "1");
    assertListed(tenant, filter(tenant, bad, null, null, "gpt", null, always), "2 3 6");
    assertListed(tenant, filter(tenant, bad, null, null, "gpt", "ann", always), "3 6");
    assertListed(tenant, filter(tenant, bad, "resp_a", "conv_a", "gpt", "ann", between(1, 7)), "6");
    assertListed(tenant, filter(tenant, bad, "resp_a", "conv_b", null, null, always), "");
  }

  @Test
  default void feedbackAfterAnUnknownCursorIsRefused() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_a", message("msg_a"));
    tenant.record(tenant.turn("resp_a"));
    tenant.feedback("fb_a", "resp_a");

    feedback(tenant).assertCursorRefused("nowhere");
    feedback(tenant).assertCursorRefused("resp_a");
  }

  static Paging<Feedback> feedback(SampleTenant tenant) {
    return list(tenant, filter(tenant, null, null, null, null, null, TimeRange.ALWAYS));
  }

  private static Paging<Feedback> list(SampleTenant tenant, FeedbackFilter filter) {
    return Paging.of(
        page -> tenant.storage().feedback().list(tenant.scope(), filter, page),
        feedback -> feedback.key().id());
  }

  private static FeedbackFilter filter(
      SampleTenant tenant,
      Rating rating,
      String response,
      String conversation,
      String model,
      String author,
      TimeRange created) {
    return new FeedbackFilter(rating, response, conversation, model, author, created);
  }

  private static void add(
      SampleTenant tenant,
      String id,
      String responseId,
      Rating rating,
      String author,
      long created) {
    tenant
        .storage()
        .feedback()
        .add(
            scopeOf(Samples.feedback(tenant.key(id), responseId, rating, author, created).key()),
            Samples.feedback(tenant.key(id), responseId, rating, author, created));
  }

  private static void assertListed(SampleTenant tenant, FeedbackFilter filter, String numbers) {
    list(tenant, filter)
        .assertEntries(
            numbers.isEmpty()
                ? List.of()
                : List.of(numbers.split(" ")).stream().map(number -> "fb_" + number).toList());
  }
}
