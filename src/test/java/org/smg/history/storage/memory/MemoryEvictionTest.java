package org.smg.history.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.storage.FeedbackStoreContract;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;

class MemoryEvictionTest {

  private static final String TEXT = "x".repeat(100_000);

  @Test
  void whatWasLongestUnusedGoesFirst() {
    SampleTenant tenant = tenantOf(3);
    for (int number = 1; number <= 5; number++) {
      conversation(tenant, number);
    }

    assertThat(tenant.storage().metrics()).containsEntry("conversations", 3L);
    assertThat(tenant.storage().metrics()).containsEntry("evicted", 2L);
    assertKept(tenant, 3, 4, 5);
  }

  @Test
  void everyChangeIsAUse() {
    assertIsUse((tenant, key) -> tenant.append(key, message("new")));
    assertIsUse(
        (tenant, key) ->
            tenant
                .storage()
                .conversations()
                .replaceMetadata(tenant.scope(), key.id(), Metadata.NONE, at(1)));
    assertIsUse(
        (tenant, key) ->
            tenant
                .storage()
                .conversations()
                .removeItem(tenant.scope(), key.id(), "small_1", at(1)));
    assertIsUse(
        (tenant, key) -> tenant.record(tenant.turn("resp_a").in(key).output(message("out"))));
  }

  @Test
  void everyReadIsAUse() {
    assertIsUse((tenant, key) -> tenant.storage().conversations().find(tenant.scope(), key.id()));
    assertIsUse(
        (tenant, key) ->
            tenant.storage().conversations().item(tenant.scope(), key.id(), "small_1"));
    assertIsUse(
        (tenant, key) ->
            tenant
                .storage()
                .conversations()
                .items(tenant.scope(), key.id(), new PageRequest(1, Order.ASC, null)));
  }

  private static void assertIsUse(BiConsumer<SampleTenant, Key> use) {
    SampleTenant tenant = tenantOf(2);
    Key first = conversation(tenant, 1);
    conversation(tenant, 2);

    use.accept(tenant, first);

    conversation(tenant, 3);
    assertKept(tenant, 1, 3);
  }

  @Test
  void aRefusedChangeIsNoUse() {
    SampleTenant tenant = tenantOf(2);
    Key first = conversation(tenant, 1);
    conversation(tenant, 2);

    assertThatThrownBy(() -> tenant.append(first, message("small_1")))
        .isInstanceOf(HistoryFailure.ItemAlreadyInConversation.class);

    conversation(tenant, 3);
    assertKept(tenant, 2, 3);
  }

  @Test
  void theLimitIsThatOfAllTenantsTogether() {
    SampleTenant first = tenantOf(2);
    SampleTenant second = SampleTenant.fresh(first.storage());
    conversation(first, 1);
    conversation(second, 1);

    conversation(second, 2);

    assertKept(first);
    assertKept(second, 1, 2);
  }

  @Test
  void anEvictedConversationIsDeletedWithItsItemsButNotItsResponses() {
    SampleTenant tenant = tenantOf(2);
    Key conversation = conversation(tenant, 1);
    tenant.record(tenant.turn("resp_a").in(conversation).output(message("in_the_response_too")));

    conversation(tenant, 2);
    tenant.storage().responses().find(tenant.scope(), "resp_a");
    Key third = conversation(tenant, 3);

    assertThatThrownBy(() -> tenant.items(conversation))
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThat(tenant.storage().responses().find(tenant.scope(), "resp_a")).isPresent();
    tenant.append(third, reference("in_the_response_too"));
    assertThatThrownBy(() -> tenant.append(third, reference("small_1")))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
  }

  @Test
  void responsesAreEvictedWithTheirFeedback() {
    SampleTenant tenant = tenantOf(2);
    for (int number = 1; number <= 4; number++) {
      tenant.record(
          tenant
              .turn("resp_" + number)
              .json(JsonText.of("{\"output\":[]}"))
              .output(message("out_" + number, TEXT)));
      tenant.feedback("fb_" + number, "resp_" + number);
    }

    FeedbackStoreContract.feedback(tenant).assertEntries(List.of("fb_3", "fb_4"));
    assertThat(tenant.storage().responses().find(tenant.scope(), "resp_2")).isEmpty();
    assertThat(tenant.storage().responses().find(tenant.scope(), "resp_3")).isPresent();
    assertThat(tenant.canLink("out_2")).isFalse();
  }

  @Test
  void whatIsDeletedMakesRoom() {
    SampleTenant tenant = tenantOf(2);
    conversation(tenant, 1);
    Key second = conversation(tenant, 2);

    tenant.storage().conversations().delete(tenant.scope(), second.id());
    conversation(tenant, 3);

    assertThat(tenant.storage().metrics()).containsEntry("evicted", 0L);
    assertKept(tenant, 1, 3);
  }

  @Test
  void nothingIsCountedOnceEverythingIsDeleted() {
    SampleTenant tenant = tenantOf(100);
    for (int number = 1; number <= 10; number++) {
      Key key = conversation(tenant, number);
      tenant.append(key, message("appended_" + number), message("removed_" + number));
      tenant.record(
          tenant
              .turn("resp_" + number)
              .in(key)
              .metadata(labels("a", "b"))
              .input(message("in_" + number), reference("small_1"))
              .output(message("out_" + number)));
      tenant
          .storage()
          .conversations()
          .replaceMetadata(tenant.scope(), key.id(), labels("key", "value"), at(1));
      tenant
          .storage()
          .conversations()
          .removeItem(tenant.scope(), key.id(), "removed_" + number, at(1));
      tenant.feedback("fb_" + number, "resp_" + number);
      tenant.feedback("deleted_" + number, "resp_" + number);
      tenant.storage().feedback().delete(tenant.scope(), "deleted_" + number);
      assertThatThrownBy(() -> tenant.append(key, message("new"), reference("nowhere")))
          .isInstanceOf(HistoryFailure.UnknownReference.class);
    }
    assertThat(tenant.storage().metrics().get("bytes")).isGreaterThan(10L * TEXT.length());

    for (int number = 1; number <= 10; number++) {
      tenant.storage().conversations().delete(tenant.scope(), "conv_" + number);
      tenant.storage().responses().delete(tenant.scope(), "resp_" + number);
    }

    assertThat(tenant.storage().metrics()).containsEntry("bytes", 0L);
  }

  @Test
  void theLimitHoldsWhileManyCreateUpdateAndDelete() throws Exception {
    int threads = 8;
    int steps = 1_000;
    SampleTenant tenant = tenantOf(4);
    ExecutorService running = Executors.newFixedThreadPool(threads);
    List<Future<?>> ends = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int first = 1 + thread * steps;
      Runnable run =
          () -> {
            for (int step = 0; step < steps; step++) {
              Key created = conversation(tenant, first + step);
              for (int back = 0; back < 3; back++) {
                tenant
                    .storage()
                    .conversations()
                    .replaceMetadata(
                        tenant.scope(), "conv_" + (first + step - back), Metadata.NONE, at(1));
              }
              if (step % 50 == 0) {
                tenant.storage().conversations().delete(tenant.scope(), created.id());
              }
            }
          };
      ends.add(running.submit(run));
    }
    running.shutdown();
    for (Future<?> end : ends) {
      assertThat(end.get(60, TimeUnit.SECONDS)).isNull();
    }

    assertThat(tenant.storage().metrics().get("conversations")).isBetween(1L, 4L);
    for (int number = 1; number <= 4; number++) {
      conversation(tenant, number);
    }
    assertThat(tenant.storage().metrics()).containsEntry("conversations", 4L);
    assertKept(tenant, 1, 2, 3, 4);
  }

  @Test
  void aConversationThatIsInUseIsCountedAllTheTime() throws Exception {
    SampleTenant tenant = tenantOf(20);
    AtomicInteger newest = new AtomicInteger();
    AtomicBoolean ended = new AtomicBoolean();
    ExecutorService running = Executors.newSingleThreadExecutor();
    Future<?> uses =
        running.submit(
            () -> {
              while (!ended.get()) {
                tenant.storage().conversations().find(tenant.scope(), "conv_" + newest.get());
              }
            });
    running.shutdown();

    for (int number = 1; number <= 5_000; number++) {
      conversation(tenant, number);
      newest.set(number);
      assertThat(tenant.storage().metrics().get("conversations")).isLessThanOrEqualTo(20);
    }

    ended.set(true);
    assertThat(uses.get(10, TimeUnit.SECONDS)).isNull();
  }

  /** A tenant whose storage holds that many conversations of these tests, and a little more. */
  private static SampleTenant tenantOf(int conversations) {
    return SampleTenant.fresh(new MemoryStorage(conversations * (TEXT.length() + 5_000L)));
  }

  /** A conversation of a large message and a small one. */
  private static Key conversation(SampleTenant tenant, int number) {
    Item large = message("large_" + number, TEXT);
    return tenant.conversation("conv_" + number, large, Samples.message("small_" + number));
  }

  private static void assertKept(SampleTenant tenant, Integer... numbers) {
    List<Integer> kept =
        IntStream.rangeClosed(1, 9)
            .filter(
                number ->
                    tenant
                        .storage()
                        .conversations()
                        .find(tenant.scope(), "conv_" + number)
                        .isPresent())
            .boxed()
            .toList();
    assertThat(kept).containsExactly(numbers);
  }
}
