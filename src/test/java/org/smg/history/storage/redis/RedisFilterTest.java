package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.between;
import static org.smg.history.storage.Samples.labels;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseListContract.FilterBuilder;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.redis.index.OrderedIndex;

/** Filters in a tenant that has a little more than a filter may look at. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisFilterTest {

  private static final int COUNT = OrderedIndex.MOST_SCANNED + 2;
  private static final PageRequest NEWEST = new PageRequest(2, Order.DESC, null);

  private TestRedis redis;
  private RedisStorage storage;
  private SampleTenant alice;
  private SampleTenant bob;

  @BeforeAll
  void record() {
    redis = TestRedis.start();
    storage = redis.storage();
    SampleTenant tenant = SampleTenant.fresh(storage);
    alice = tenant.as("alice");
    bob = tenant.as("bob");
    Key conversation = bob.conversation("conv_of_bob");
    bob.record(
        bob.turn("resp_of_bob")
            .in(conversation)
            .created(0)
            .model("rare")
            .user("rare user")
            .safetyIdentifier("rare safety"));
    bob.feedback("fb_of_bob", "resp_of_bob");
    IntStream.rangeClosed(1, COUNT)
        .parallel()
        .forEach(
            number -> {
              alice.record(alice.turn("resp_" + number).created(number).model("model"));
              storage
                  .conversations()
                  .create(
                      alice.scope(),
                      new Conversation(
                          alice.key("conv_" + number),
                          "alice",
                          at(number),
                          at(number),
                          labels("number", "" + number)),
                      List.of());
            });
  }

  @AfterAll
  void stop() {
    storage.close();
    redis.close();
  }

  private Page<StoredResponse> list(FilterBuilder filter) {
    return storage.responses().list(alice.as(null).scope(), filter.build(), NEWEST);
  }

  private FilterBuilder filter() {
    return FilterBuilder.of(alice.as(null));
  }

  private static void assertOne(Page<StoredResponse> page) {
    assertThat(page.data()).extracting(found -> found.key().id()).containsExactly("resp_of_bob");
    assertThat(page.hasMore()).isFalse();
  }

  @Test
  void aFilterThatWouldLookAtMoreIsRefused() {
    assertThatThrownBy(() -> list(filter().model("rare")))
        .isInstanceOf(HistoryFailure.FilterTooBroad.class)
        .hasMessageContaining("10000");
    assertThatThrownBy(() -> list(filter().metadata(labels("no", "such"))))
        .isInstanceOf(HistoryFailure.FilterTooBroad.class);
    assertThatThrownBy(() -> conversations(labels("number", "1"), TimeRange.ALWAYS))
        .isInstanceOf(HistoryFailure.FilterTooBroad.class);
  }

  @Test
  void aDeletionThatWouldLookAtMoreIsRefused() {
    ConversationFilter none = new ConversationFilter(labels("no", "such"), TimeRange.ALWAYS);

    assertThatThrownBy(() -> storage.conversations().delete(alice.as(null).scope(), none, 100))
        .isInstanceOf(HistoryFailure.FilterTooBroad.class);
    for (FilterBuilder filter :
        List.of(filter().user("nobody"), filter().safetyIdentifier("nobody"))) {
      assertThat(storage.responses().delete(alice.as(null).scope(), filter.build(), 100))
          .isEqualTo(Removed.NOTHING);
    }
  }

  @Test
  void aFilterThatFillsThePageBeforeIsAnswered() {
    assertThat(list(filter().model("model")).data()).hasSize(2);
    assertThat(list(filter()).hasMore()).isTrue();
  }

  @Test
  void aRangeOfTimeNarrowsAFilter() {
    assertOne(list(filter().model("rare").created(between(0, 5_000))));
    assertThat(conversations(labels("number", "1"), between(1, 5_000))).hasSize(1);
  }

  @Test
  void conversationUserAndSafetyIdentifierHaveListsOfTheirOwn() {
    assertOne(list(filter().conversation("conv_of_bob")));
    assertOne(list(filter().user("rare user")));
    assertOne(list(filter().safetyIdentifier("rare safety")));
    assertOne(list(filter().user("rare user").model("rare")));
  }

  @Test
  void theShortestOfSeveralListsIsRead() {
    assertOne(list(filter().user("rare user").safetyIdentifier("rare safety").model("rare")));
    assertOne(
        storage
            .responses()
            .list(bob.scope(), filter().safetyIdentifier("rare safety").build(), NEWEST));
  }

  @Test
  void whatAUserMadeIsListedThoughOthersMadeMuchMore() {
    assertOne(storage.responses().list(bob.scope(), filter().model("rare").build(), NEWEST));
    assertThat(
            storage
                .conversations()
                .list(bob.scope(), new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS), NEWEST)
                .data())
        .extracting(found -> found.key().id())
        .containsExactly("conv_of_bob");
  }

  private List<Conversation> conversations(Metadata labels, TimeRange created) {
    return storage
        .conversations()
        .list(alice.as(null).scope(), new ConversationFilter(labels, created), NEWEST)
        .data();
  }
}
