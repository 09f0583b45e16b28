package org.smg.history.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.smg.history.config.Options;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.Storage;

class MemoryEvictionTest {

  @Test
  void theLeastRecentlyUpdatedConversationsGoFirst() {
    SampleTenant tenant = tenantOf(3);
    for (int number = 1; number <= 5; number++) {
      tenant.conversation("conv_" + number);
    }

    assertKept(tenant, "conv_3", "conv_4", "conv_5");
    assertThat(tenant.storage().metrics())
        .isEqualTo(Map.of("conversations", 3L, "evicted_conversations", 2L));
  }

  @Test
  void everyChangeIsAnUpdate() {
    SampleTenant tenant = tenantOf(5);
    for (int number = 1; number <= 5; number++) {
      tenant.conversation("conv_" + number, Samples.message("msg_" + number));
    }
    tenant.append(tenant.key("conv_1"), Samples.message("new"));
    tenant
        .storage()
        .conversations()
        .replaceMetadata(tenant.scope(), "conv_2", Metadata.NONE, Samples.at(1));
    tenant.storage().conversations().removeItem(tenant.scope(), "conv_3", "msg_3", Samples.at(1));
    tenant.record(tenant.turn("resp_a").in(tenant.key("conv_4")).output(Samples.message("out")));

    tenant.conversation("conv_6");
    assertKept(tenant, "conv_1", "conv_2", "conv_3", "conv_4", "conv_6");

    tenant.conversation("conv_7");
    tenant.conversation("conv_8");
    assertKept(tenant, "conv_3", "conv_4", "conv_6", "conv_7", "conv_8");
  }

  @Test
  void neitherReadingNorARefusedChangeIsAnUpdate() {
    SampleTenant tenant = tenantOf(2);
    Key first = tenant.conversation("conv_1", Samples.message("msg_1"));
    tenant.conversation("conv_2");
    tenant.storage().conversations().find(scopeOf(first), first.id());
    tenant
        .storage()
        .conversations()
        .items(scopeOf(first), first.id(), new PageRequest(1, Order.ASC, null));
    tenant
        .storage()
        .conversations()
        .removeItem(scopeOf(first), first.id(), "nowhere", Samples.at(1));
    assertThatThrownBy(() -> tenant.append(first, Samples.message("msg_1")))
        .isInstanceOf(HistoryFailure.ItemAlreadyInConversation.class);

    tenant.conversation("conv_3");

    assertKept(tenant, "conv_2", "conv_3");
  }

  @Test
  void theLimitIsThatOfAllTenantsTogether() {
    SampleTenant first = tenantOf(2);
    SampleTenant second = SampleTenant.fresh(first.storage());
    first.conversation("conv_1");
    second.conversation("conv_1");

    second.conversation("conv_2");

    assertKept(first);
    assertKept(second, "conv_1", "conv_2");
  }

  @Test
  void anEvictedConversationIsDeletedWithItsItemsButNotItsResponses() {
    SampleTenant tenant = tenantOf(2);
    Key conversation = tenant.conversation("conv_1", Samples.message("only_there"));
    tenant.record(
        tenant.turn("resp_a").in(conversation).output(Samples.message("in_the_response_too")));

    tenant.conversation("conv_2");
    tenant.conversation("conv_3");

    assertThatThrownBy(() -> tenant.items(conversation))
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThat(tenant.storage().responses().find(tenant.scope(), "resp_a")).isPresent();
    tenant.append(tenant.key("conv_3"), Samples.reference("in_the_response_too"));
    assertThatThrownBy(() -> tenant.append(tenant.key("conv_3"), Samples.reference("only_there")))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
  }

  @Test
  void aDeletedConversationMakesRoom() {
    SampleTenant tenant = tenantOf(2);
    tenant.conversation("conv_1");
    Key second = tenant.conversation("conv_2");

    tenant.storage().conversations().delete(scopeOf(second), second.id());
    tenant.conversation("conv_3");

    assertKept(tenant, "conv_1", "conv_3");
    assertThat(tenant.storage().metrics()).containsEntry("evicted_conversations", 0L);
  }

  @Test
  void withoutALimitNothingIsEvicted() {
    SampleTenant tenant = tenantOf(0);
    for (int number = 1; number <= 200; number++) {
      tenant.conversation("conv_" + number);
    }

    assertThat(tenant.storage().metrics())
        .isEqualTo(Map.of("conversations", 200L, "evicted_conversations", 0L));
  }

  @Test
  void theLimitHoldsWhileManyCreateUpdateAndDelete() throws Exception {
    int limit = 4;
    int threads = 8;
    int steps = 4_000;
    SampleTenant tenant = tenantOf(limit);
    ExecutorService running = Executors.newFixedThreadPool(threads);
    List<Future<?>> ends = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      String prefix = "conv_" + thread + "_";
      Runnable run =
          () -> {
            for (int step = 0; step < steps; step++) {
              Key created = tenant.conversation(prefix + step);
              for (int back = 0; back < 3; back++) {
                tenant
                    .storage()
                    .conversations()
                    .replaceMetadata(
                        tenant.scope(), prefix + (step - back), Metadata.NONE, Samples.at(1));
              }
              if (step % 50 == 0) {
                tenant.storage().conversations().delete(scopeOf(created), created.id());
              }
            }
          };
      ends.add(running.submit(run));
    }
    running.shutdown();
    for (Future<?> end : ends) {
      assertThat(end.get(60, TimeUnit.SECONDS)).isNull();
    }

    assertThat(tenant.storage().metrics().get("conversations")).isEqualTo(limit);
    for (int number = 1; number <= limit; number++) {
      tenant.conversation("conv_" + number);
    }
    assertKept(tenant, "conv_1", "conv_2", "conv_3", "conv_4");
  }

  @Test
  void aConversationThatIsBeingUpdatedIsCountedAllTheTime() throws Exception {
    int limit = 20;
    SampleTenant tenant = tenantOf(limit);
    AtomicInteger newest = new AtomicInteger();
    AtomicBoolean ended = new AtomicBoolean();
    ExecutorService running = Executors.newSingleThreadExecutor();
    Future<?> updates =
        running.submit(
            () -> {
              while (!ended.get()) {
                tenant
                    .storage()
                    .conversations()
                    .replaceMetadata(
                        tenant.scope(), "conv_" + newest.get(), Metadata.NONE, Samples.at(1));
              }
            });
    running.shutdown();

    for (int number = 0; number < 50_000; number++) {
      tenant.conversation("conv_" + number);
      newest.set(number);
      assertThat(tenant.storage().metrics().get("conversations")).isLessThanOrEqualTo(limit);
    }

    ended.set(true);
    assertThat(updates.get(10, TimeUnit.SECONDS)).isNull();
  }

  private static SampleTenant tenantOf(int limit) {
    Storage storage =
        new MemoryStorage(
            new Options(
                option ->
                    option.equals("memory-max-conversations")
                        ? Optional.of("" + limit)
                        : Optional.empty()));
    return SampleTenant.fresh(storage);
  }

  private static void assertKept(SampleTenant tenant, String... ids) {
    List<String> kept =
        List.of("1", "2", "3", "4", "5", "6", "7", "8").stream()
            .map(number -> "conv_" + number)
            .filter(id -> tenant.storage().conversations().find(tenant.scope(), id).isPresent())
            .toList();
    assertThat(kept).containsExactly(ids);
  }
}
