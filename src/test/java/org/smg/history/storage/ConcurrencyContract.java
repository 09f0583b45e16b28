package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Concurrently.attempt;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.reference;
import static org.smg.history.storage.Samples.scopeOf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Conversation;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.ItemReference;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.StoredResponse;

/** Every operation is one step, however many run at once. */
public interface ConcurrencyContract extends StorageUnderTest {

  int ROUNDS = 20;

  @Test
  default void readersSeeWholeBatchesInOneOrderWhileManyAppend() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    int appenders = 8;
    int batches = 12;
    int size = 5;
    AtomicInteger appending = new AtomicInteger(appenders);
    List<Callable<List<List<String>>>> steps = new ArrayList<>();
    for (int appender = 0; appender < appenders; appender++) {
      String prefix = "msg_" + appender + "_";
      steps.add(
          () -> {
            try {
              for (int batch = 0; batch < batches; batch++) {
                tenant.append(conversation, messages(prefix + batch + "_", size));
              }
              return List.of();
            } finally {
              appending.decrementAndGet();
            }
          });
    }
    for (Order order : Order.values()) {
      for (int limit : new int[] {7, 100}) {
        steps.add(
            () -> {
              List<List<String>> seen = new ArrayList<>();
              do {
                List<String> ids =
                    new ArrayList<>(
                        tenant.itemsOf(conversation).walk(order, limit).stream()
                            .map(Item::id)
                            .toList());
                if (order == Order.DESC) {
                  Collections.reverse(ids);
                }
                seen.add(ids);
              } while (appending.get() > 0);
              return seen;
            });
      }
    }

    List<List<String>> seen =
        Concurrently.run(steps).stream().flatMap(List::stream).distinct().toList();

    List<String> all = tenant.itemIds(conversation);
    assertThat(all).hasSize(appenders * batches * size).doesNotHaveDuplicates();
    assertThat(seen)
        .allSatisfy(
            ids -> {
              assertThat(ids).isEqualTo(all.subList(0, ids.size()));
              assertThat(ids.size() % size).as("items of an unfinished batch").isZero();
            });
    Map<String, Integer> next = new HashMap<>();
    for (int first = 0; first < all.size(); first += size) {
      String appender = all.get(first).split("_")[1];
      int batch = next.merge(appender, 1, Integer::sum) - 1;
      String prefix = "msg_" + appender + "_" + batch + "_";
      assertThat(all.subList(first, first + size))
          .containsExactly(
              IntStream.rangeClosed(1, size).mapToObj(n -> prefix + n).toArray(String[]::new));
    }
  }

  @Test
  default void aReaderWhoResumesAtTheEndMissesNothingAndReadsNothingTwice() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("first"));
    int appenders = 4;
    int batches = 20;
    AtomicInteger appending = new AtomicInteger(appenders);
    List<Callable<List<String>>> steps = new ArrayList<>();
    for (int appender = 0; appender < appenders; appender++) {
      String prefix = "msg_" + appender + "_";
      steps.add(
          () -> {
            try {
              for (int batch = 0; batch < batches; batch++) {
                tenant.append(conversation, messages(prefix + batch + "_", 3));
              }
              return null;
            } finally {
              appending.decrementAndGet();
            }
          });
    }
    for (int reader = 0; reader < 2; reader++) {
      steps.add(
          () -> {
            List<String> read = new ArrayList<>(List.of("first"));
            boolean complete;
            do {
              complete = appending.get() == 0;
              String last = read.get(read.size() - 1);
              storage()
                  .conversations()
                  .items(
                      scopeOf(conversation),
                      conversation.id(),
                      new PageRequest(100, Order.ASC, last))
                  .data()
                  .forEach(item -> read.add(item.id()));
            } while (!complete || read.size() < 1 + appenders * batches * 3);
            return read;
          });
    }

    List<List<String>> read = Concurrently.run(steps).stream().filter(Objects::nonNull).toList();

    assertThat(read).hasSize(2).containsOnly(tenant.itemIds(conversation));
  }

  @Test
  default void turnsAndBatchesOfOneConversationDoNotMix() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");

    Concurrently.run(
        8,
        thread ->
            () -> {
              for (int step = 0; step < 5; step++) {
                String name = thread + "_" + step;
                if (thread % 2 == 0) {
                  tenant.append(conversation, messages(name + "_", 4));
                } else {
                  Item[] items = messages(name + "_", 4);
                  tenant.record(
                      tenant
                          .turn("resp_" + name)
                          .in(conversation)
                          .input(items[0], items[1])
                          .output(items[2], items[3]));
                }
              }
              return null;
            });

    List<String> all = tenant.itemIds(conversation);
    assertThat(all).hasSize(8 * 5 * 4);
    for (int first = 0; first < all.size(); first += 4) {
      String name = all.get(first).replaceAll("1$", "");
      assertThat(all.subList(first, first + 4))
          .containsExactly(name + 1, name + 2, name + 3, name + 4);
    }
  }

  @Test
  default void ofSeveralAppendsOfOneItemOneSucceeds() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");

    for (int round = 0; round < ROUNDS; round++) {
      String shared = "shared_" + round;
      String own = "own_" + round + "_";
      List<HistoryFailure> refusals =
          refusals(
              4,
              thread ->
                  tenant.append(
                      conversation, message(own + thread), message(shared, "by " + thread)));

      assertThat(refusals)
          .hasSize(3)
          .hasOnlyElementsOfType(HistoryFailure.ItemAlreadyInConversation.class);
    }

    List<Item> all = tenant.items(conversation);
    assertThat(all).hasSize(2 * ROUNDS);
    for (int round = 0; round < ROUNDS; round++) {
      String winner = all.get(2 * round).id().replaceAll(".*_", "");
      assertThat(all.get(2 * round + 1)).isEqualTo(message("shared_" + round, "by " + winner));
      for (int thread = 0; thread < 4; thread++) {
        String own = "own_" + round + "_" + thread;
        assertThat(all.contains(message(own))).isEqualTo(winner.equals("" + thread));
      }
    }
  }

  @Test
  default void ofSeveralThatStoreContentUnderOneNewIdAtOnceEachKeepsItsOwn() {
    SampleTenant tenant = freshTenant();
    Key first = tenant.conversation("conv_a");
    Key second = tenant.conversation("conv_b");

    for (int round = 0; round < ROUNDS; round++) {
      String id = "msg_" + round;
      String created = "conv_" + round;
      String recorded = "resp_" + round;
      Concurrently.run(
          List.of(
              () -> tenant.append(first, message(id, "appended")),
              () -> tenant.append(second, message(id, "appended elsewhere")),
              () -> tenant.conversation(created, message(id, "created")),
              () -> tenant.record(tenant.turn(recorded).input(message(id, "recorded")))));

      assertThat(storage().conversations().item(scopeOf(first), first.id(), id))
          .contains(message(id, "appended"));
      assertThat(storage().conversations().item(scopeOf(second), second.id(), id))
          .contains(message(id, "appended elsewhere"));
      assertThat(tenant.items(tenant.key(created))).containsExactly(message(id, "created"));
      assertThat(tenant.input(recorded)).containsExactly(message(id, "recorded"));
    }
  }

  @Test
  default void batchesThatShareIdsInOppositeOrderDoNotBlockEachOther() {
    SampleTenant tenant = freshTenant();
    Key first = tenant.conversation("conv_a");
    Key second = tenant.conversation("conv_b");

    for (int round = 0; round < ROUNDS; round++) {
      Item[] ascending = messages("msg_" + round + "_", 10);
      List<Item> reversed = new ArrayList<>(List.of(ascending));
      Collections.reverse(reversed);
      Item[] descending = reversed.toArray(Item[]::new);
      Concurrently.run(
          List.of(() -> tenant.append(first, ascending), () -> tenant.append(second, descending)));
    }

    assertThat(tenant.items(first)).hasSize(10 * ROUNDS);
    assertThat(tenant.items(second)).hasSize(10 * ROUNDS);
  }

  @Test
  default void aConversationDeletedDuringAnAppendLeavesNothing() {
    SampleTenant tenant = freshTenant();

    for (int round = 0; round < ROUNDS; round++) {
      Key conversation = tenant.conversation("conv_" + round, message("first_" + round));
      String prefix = "msg_" + round + "_";
      List<HistoryFailure> refusals =
          refusals(
              3,
              thread -> {
                if (thread == 0) {
                  assertThat(
                          storage()
                              .conversations()
                              .delete(scopeOf(conversation), conversation.id()))
                      .isTrue();
                } else {
                  tenant.append(conversation, messages(prefix + thread + "_", 2));
                }
              });

      assertThat(refusals)
          .hasSizeLessThanOrEqualTo(2)
          .allMatch(refusal -> refusal instanceof HistoryFailure.NotFound);
      assertThat(storage().conversations().find(scopeOf(conversation), conversation.id()))
          .isEmpty();
      assertThat(List.of("first_" + round, prefix + "1_1", prefix + "1_2", prefix + "2_1"))
          .noneMatch(tenant::canLink);
      tenant.conversation("conv_" + round);
      assertThat(tenant.items(conversation)).isEmpty();
      storage().conversations().delete(scopeOf(conversation), conversation.id());
    }
  }

  @Test
  default void aConversationDeletedDuringARecordingLeavesTheResponseOrNothing() {
    SampleTenant tenant = freshTenant();

    for (int round = 0; round < ROUNDS; round++) {
      Key conversation = tenant.conversation("conv_" + round);
      TurnBuilder turn =
          tenant
              .turn("resp_" + round)
              .in(conversation)
              .input(message("in_" + round))
              .output(message("out_" + round));
      List<HistoryFailure> refusals =
          refusals(
              2,
              thread -> {
                if (thread == 0) {
                  assertThat(
                          storage()
                              .conversations()
                              .delete(scopeOf(conversation), conversation.id()))
                      .isTrue();
                } else {
                  tenant.record(turn);
                }
              });

      assertThat(storage().conversations().find(scopeOf(conversation), conversation.id()))
          .isEmpty();
      boolean recorded = refusals.isEmpty();
      assertThat(refusals).allMatch(refusal -> refusal instanceof HistoryFailure.NotFound);
      assertThat(storage().responses().find(tenant.scope(), "resp_" + round).isPresent())
          .isEqualTo(recorded);
      assertThat(tenant.canLink("in_" + round)).isEqualTo(recorded);
      assertThat(tenant.canLink("out_" + round)).isEqualTo(recorded);
    }
  }

  @Test
  default void aConversationDeletedDuringAnUpdateIsUpdatedOrNotThere() {
    SampleTenant tenant = freshTenant();

    for (int round = 0; round < 5 * ROUNDS; round++) {
      Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
      Concurrently.run(
          List.of(
              () -> storage().conversations().delete(scopeOf(conversation), conversation.id()),
              () ->
                  storage()
                      .conversations()
                      .replaceMetadata(
                          scopeOf(conversation), conversation.id(), labels("a", "b"), at(1))
                      .map(Conversation::metadata)
                      .orElse(Metadata.NONE)));
      assertThat(storage().conversations().find(scopeOf(conversation), conversation.id()))
          .isEmpty();
    }
  }

  @Test
  default void ofSeveralDeletesOneSucceeds() {
    SampleTenant tenant = freshTenant();

    for (int round = 0; round < ROUNDS; round++) {
      Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
      tenant.record(tenant.turn("resp_a"));
      tenant.feedback("fb_a", "resp_a");

      assertThat(
              Concurrently.run(
                  3,
                  thread ->
                      () ->
                          storage()
                              .conversations()
                              .removeItem(scopeOf(conversation), conversation.id(), "msg_2", at(1))
                              .isPresent()))
          .containsOnlyOnce(true);
      assertThat(
              Concurrently.run(
                  3,
                  thread ->
                      () ->
                          storage()
                              .conversations()
                              .delete(scopeOf(conversation), conversation.id())))
          .containsOnlyOnce(true);
      assertThat(
              Concurrently.run(
                  3, thread -> () -> storage().feedback().delete(tenant.scope(), "fb_a")))
          .containsOnlyOnce(true);
      assertThat(
              Concurrently.run(
                  3, thread -> () -> storage().responses().delete(tenant.scope(), "resp_a")))
          .containsOnlyOnce(true);
    }
  }

  @Test
  default void metadataIsOneWritersOwnAndDisturbsNoAppend() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    int writers = 4;
    Set<Metadata> written = Collections.synchronizedSet(new HashSet<>(Set.of(Metadata.NONE)));

    List<List<Metadata>> read =
        Concurrently.run(
            2 * writers,
            thread ->
                () -> {
                  List<Metadata> seen = new ArrayList<>();
                  for (int step = 0; step < 15; step++) {
                    if (thread < writers) {
                      Metadata labels =
                          labels("writer", "" + thread, "by " + thread, "yes", "step", "" + step);
                      written.add(labels);
                      Conversation answered =
                          storage()
                              .conversations()
                              .replaceMetadata(
                                  scopeOf(conversation), conversation.id(), labels, at(1))
                              .orElseThrow();
                      assertThat(answered.metadata()).isEqualTo(labels);
                    } else {
                      tenant.append(conversation, messages(thread + "_" + step + "_", 3));
                      seen.add(
                          storage()
                              .conversations()
                              .find(scopeOf(conversation), conversation.id())
                              .orElseThrow()
                              .metadata());
                    }
                  }
                  return seen;
                });

    assertThat(written).containsAll(read.stream().flatMap(List::stream).toList());
    assertThat(
            storage()
                .conversations()
                .find(scopeOf(conversation), conversation.id())
                .orElseThrow()
                .metadata()
                .entries())
        .containsEntry("step", "14");
    assertThat(tenant.items(conversation)).hasSize(writers * 15 * 3);
  }

  @Test
  default void theSameTurnRecordedBySeveralAtOnceIsAppendedOnce() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    TurnBuilder turn =
        tenant
            .turn("resp_a")
            .in(conversation)
            .input(message("in"), reference("before"))
            .output(message("out"));
    StoredResponse expected = turn.response();

    assertThat(Concurrently.run(16, thread -> () -> tenant.record(turn)))
        .hasSize(16)
        .containsOnly(expected);

    assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out");
    ResponseListContract.responses(tenant).assertEntries(List.of("resp_a"));
    storage().conversations().delete(scopeOf(conversation), conversation.id());
    storage().responses().delete(tenant.scope(), "resp_a");
    assertThat(List.of("before", "in", "out")).noneMatch(tenant::canLink);
  }

  @Test
  default void ofDifferentTurnsUnderOneIdOneIsRecorded() {
    SampleTenant tenant = freshTenant();

    for (int round = 0; round < ROUNDS; round++) {
      Key shared = tenant.conversation("conv_a_" + round);
      Key other = tenant.conversation("conv_b_" + round);
      String id = "resp_" + round;
      String prefix = "out_" + round + "_";
      List<HistoryFailure> refusals =
          refusals(
              4,
              thread ->
                  tenant.record(
                      tenant
                          .turn(id)
                          .fingerprint("by " + thread)
                          .in(thread == 3 ? other : shared)
                          .output(message(prefix + thread))));

      assertThat(refusals)
          .hasSize(3)
          .hasOnlyElementsOfType(HistoryFailure.ResponseAlreadyRecorded.class);
      StoredResponse recorded = storage().responses().find(tenant.scope(), id).orElseThrow();
      int winner = Integer.parseInt(recorded.fingerprint().substring("by ".length()));
      List<String> appended = new ArrayList<>(tenant.itemIds(shared));
      appended.addAll(tenant.itemIds(other));
      assertThat(appended).containsExactly(prefix + winner);
      for (int thread = 0; thread < 4; thread++) {
        assertThat(tenant.canLink(prefix + thread)).isEqualTo(thread == winner);
      }
    }
  }

  @Test
  default void feedbackOnAResponseThatIsBeingDeletedGoesAlong() {
    SampleTenant tenant = freshTenant();

    for (int round = 0; round < ROUNDS; round++) {
      String id = "resp_" + round;
      String prefix = "fb_" + round + "_";
      tenant.record(tenant.turn(id));
      List<HistoryFailure> refusals =
          refusals(
              3,
              thread -> {
                if (thread == 0) {
                  assertThat(storage().responses().delete(tenant.scope(), id)).isTrue();
                } else {
                  tenant.feedback(prefix + thread, id);
                }
              });

      assertThat(refusals).allMatch(refusal -> refusal instanceof HistoryFailure.NotFound);
      FeedbackStoreContract.feedback(tenant).assertEntries(List.of());
      assertThat(storage().feedback().find(tenant.scope(), prefix + 1)).isEmpty();
      assertThat(storage().feedback().find(tenant.scope(), prefix + 2)).isEmpty();
    }
  }

  @Test
  default void whatIsListedCanBeFoundAndPagedFrom() {
    SampleTenant tenant = freshTenant();
    int writers = 3;
    AtomicInteger writing = new AtomicInteger(writers);

    Concurrently.run(
        writers + 2,
        thread ->
            () -> {
              if (thread < writers) {
                try {
                  for (int step = 0; step < 60; step++) {
                    tenant.record(tenant.turn("resp_" + thread + "_" + step).created(step));
                  }
                } finally {
                  writing.decrementAndGet();
                }
              } else {
                do {
                  for (StoredResponse listed :
                      ResponseListContract.responses(tenant).walk(Order.DESC, 5)) {
                    assertThat(storage().responses().find(scopeOf(listed.key()), listed.key().id()))
                        .contains(listed);
                  }
                } while (writing.get() > 0);
              }
              return null;
            });

    assertThat(ResponseListContract.responses(tenant).walk(Order.ASC, 100)).hasSize(writers * 60);
  }

  @Test
  default void afterManyLinksAndDeletesNothingIsLeft() {
    SampleTenant tenant = freshTenant();
    int ids = 6;

    Concurrently.run(
        6,
        thread ->
            () -> {
              for (int step = 0; step < 15; step++) {
                String name = thread + "_" + step;
                Key conversation = tenant.conversation("conv_" + name);
                String own = "msg_" + step % ids;
                String linked = "msg_" + (step + thread) % ids;
                tenant.append(conversation, message(own, name));
                attempt(() -> tenant.append(conversation, new ItemReference(linked))).call();
                tenant.record(tenant.turn("resp_" + name).input(message(linked, name)));
                tenant.record(
                    tenant.turn("out_" + name).fingerprint("b").output(message(own, "by " + name)));
                storage()
                    .conversations()
                    .removeItem(scopeOf(conversation), conversation.id(), linked, at(2));
                storage().responses().delete(tenant.scope(), "resp_" + name);
                storage().conversations().delete(scopeOf(conversation), conversation.id());
                storage().responses().delete(tenant.scope(), "out_" + name);
              }
              return null;
            });

    assertThat(IntStream.range(0, ids).mapToObj(id -> "msg_" + id)).noneMatch(tenant::canLink);
  }

  /**
   * Runs a step in several threads at once, and answers the refusals of those that were refused.
   */
  private static List<HistoryFailure> refusals(int threads, IntConsumer step) {
    return Concurrently.run(threads, thread -> attempt(() -> step.accept(thread))).stream()
        .filter(Objects::nonNull)
        .toList();
  }
}
