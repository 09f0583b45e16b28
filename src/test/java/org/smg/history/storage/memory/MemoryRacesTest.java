package org.smg.history.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.scopeOf;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smg.history.config.Options;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;

/** Races that take too many tries for a contract which real servers must pass too. */
class MemoryRacesTest {

  private final ExecutorService other = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    other.shutdownNow();
  }

  @Test
  void anUpdateOfAConversationThatIsBeingDeletedFindsNone() throws Exception {
    SampleTenant tenant =
        SampleTenant.fresh(new MemoryStorage(new Options(option -> Optional.empty())));
    Key conversation = tenant.key("conv_a");
    AtomicBoolean ended = new AtomicBoolean();
    Future<?> updates =
        other.submit(
            () -> {
              while (!ended.get()) {
                tenant
                    .storage()
                    .conversations()
                    .replaceMetadata(
                        scopeOf(conversation), conversation.id(), Metadata.NONE, Samples.at(1));
              }
            });

    for (int round = 0; round < 50_000 && !updates.isDone(); round++) {
      tenant.conversation("conv_a");
      tenant.storage().conversations().delete(scopeOf(conversation), conversation.id());
    }

    ended.set(true);
    assertThat(updates.get(10, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void anAppendToAConversationThatIsBeingDeletedLeavesNothing() throws Exception {
    SampleTenant tenant =
        SampleTenant.fresh(new MemoryStorage(new Options(option -> Optional.empty())));
    Key conversation = tenant.key("conv_a");
    AtomicBoolean ended = new AtomicBoolean();
    Future<?> appends =
        other.submit(
            () -> {
              while (!ended.get()) {
                try {
                  tenant.append(conversation, Samples.message("msg_a"));
                } catch (HistoryFailure.NotFound | HistoryFailure.ItemAlreadyInConversation no) {
                  // It is not there now, or has the item since the last round.
                }
              }
            });

    for (int round = 0; round < 50_000 && !appends.isDone(); round++) {
      tenant.conversation("conv_a");
      tenant.storage().conversations().delete(scopeOf(conversation), conversation.id());
    }

    ended.set(true);
    assertThat(appends.get(10, TimeUnit.SECONDS)).isNull();
    assertThat(tenant.canLink("msg_a")).isFalse();
  }

  @Test
  void aTurnRecordedDuringAppendsStaysTogether() throws Exception {
    SampleTenant tenant =
        SampleTenant.fresh(new MemoryStorage(new Options(option -> Optional.empty())));
    Key conversation = tenant.conversation("conv_a");
    int rounds = 5_000;
    CyclicBarrier start = new CyclicBarrier(2);
    Future<?> appends =
        other.submit(
            (Callable<Void>)
                () -> {
                  start.await(10, TimeUnit.SECONDS);
                  for (int round = 0; round < rounds; round++) {
                    tenant.append(conversation, Samples.messages("a_" + round + "_", 2));
                  }
                  return null;
                });

    start.await(10, TimeUnit.SECONDS);
    for (int round = 0; round < rounds; round++) {
      tenant.record(
          tenant
              .turn("resp_" + round)
              .in(conversation)
              .input(Samples.message("r_" + round + "_1"))
              .output(Samples.message("r_" + round + "_2")));
    }

    assertThat(appends.get(10, TimeUnit.SECONDS)).isNull();
    List<String> all = tenant.itemIds(conversation);
    assertThat(all).hasSize(4 * rounds);
    for (int first = 0; first < all.size(); first += 2) {
      assertThat(all.get(first + 1)).isEqualTo(all.get(first).replaceAll("1$", "2"));
    }
  }

  @Test
  void anEntryThatIsListedIsFoundAndIsACursor() throws Exception {
    OrderedIndex<String> index = new OrderedIndex<>("entry");
    AtomicBoolean ended = new AtomicBoolean();
    Future<?> reader =
        other.submit(
            () -> {
              while (!ended.get()) {
                List<String> newest = newest(index);
                if (!newest.isEmpty()) {
                  assertThat(index.find(newest.get(0))).isPresent();
                }
              }
            });

    for (int number = 0; number < 200_000 && !reader.isDone(); number++) {
      String id = "entry_" + number;
      index.findOrAdd(place(number, id), () -> id);
    }

    ended.set(true);
    assertThat(reader.get(10, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void anEntryThatIsAddedAgainWhileItIsRemovedIsListed() throws Exception {
    OrderedIndex<Object> index = new OrderedIndex<>("entry");
    CyclicBarrier start = new CyclicBarrier(2);
    int rounds = 20_000;
    Future<?> remover =
        other.submit(
            (Callable<Void>)
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    start.await(10, TimeUnit.SECONDS);
                    index.remove(any -> true, "entry");
                    start.await(10, TimeUnit.SECONDS);
                  }
                  return null;
                });

    for (int round = 0; round < rounds; round++) {
      index.findOrAdd(place(0, "entry"), Object::new);
      start.await(10, TimeUnit.SECONDS);
      index.findOrAdd(place(0, "entry"), Object::new);
      start.await(10, TimeUnit.SECONDS);
      assertThat(newest(index)).isEqualTo(index.find("entry").stream().toList());
    }
    assertThat(remover.get(10, TimeUnit.SECONDS)).isNull();
  }

  private static <T> List<T> newest(OrderedIndex<T> index) {
    return index.list(any -> true, entry -> true, new PageRequest(1, Order.DESC, null)).data();
  }

  private static OrderedIndex.Place place(int number, String id) {
    Instant created = Samples.at(number);
    return new OrderedIndex.Place(created, created, id);
  }
}
