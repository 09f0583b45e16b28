package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.scopeOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smg.history.model.Conversation;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.StorageUnderTest;
import redis.clients.jedis.Jedis;

/**
 * Many writers at one conversation. There are more attempts than in the contract for all backends,
 * and the keys in Redis are looked at afterwards.
 */
@Timeout(120)
interface RacesContract extends StorageUnderTest {

  int WRITERS = 3;
  int STEPS = 150;
  int BATCH = 3;

  /** A backend whose keys begin with the given prefix. */
  RedisStorage storage(String prefix, Duration retention);

  List<TestRedis> servers();

  @Test
  default void positionsHaveNeitherGapsNorDuplicatesAndBatchesAndTurnsAreWholeAndInOrder() {
    try (RedisStorage storage = storage("order", Duration.ofHours(1))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a");
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String appended = "a" + writer + "_";
        String recorded = "r" + writer + "_";
        // Two threads write the same: one is refused, or finds the same turn recorded.
        for (int i = 0; i < 2; i++) {
          writers.add(steps(step -> append(tenant, conversation, appended + step + "_")));
          writers.add(steps(step -> record(tenant, conversation, recorded + step + "_")));
        }
      }
      BooleanSupplier over = () -> writers.stream().allMatch(CompletableFuture::isDone);
      List<CompletableFuture<Void>> updates =
          List.of(
              repeat(over, step -> assertThat(update(tenant, conversation, "x", step)).isTrue()),
              repeat(over, step -> assertThat(update(tenant, conversation, "y", step)).isTrue()),
              repeat(over, step -> assertOneUpdate(storage, conversation)));
      writers.forEach(CompletableFuture::join);
      updates.forEach(CompletableFuture::join);

      List<String> ids = tenant.itemIds(conversation);
      assertThat(ids).hasSize(2 * WRITERS * STEPS * BATCH);
      assertWholeAndInOrder(ids);
      assertThat(positions(conversation, "order")).isEqualTo(numbered(ids));
      assertOneUpdate(storage, conversation);
    }
  }

  /**
   * Conversations are created with a shorter retention than that of the writes to them. So the
   * first write has to renew the locations of their items while they are deleted.
   */
  @Test
  default void noKeyIsLeftOfConversationsAndResponsesThatAreDeletedDuringWrites() {
    try (RedisStorage storage = storage("deleted", Duration.ofSeconds(20));
        RedisStorage shorter = storage("deleted", Duration.ofSeconds(15))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      SampleTenant maker = new SampleTenant(shorter, tenant.name());
      Key conversation = tenant.key("conv_a");
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        String shared = "msg_" + writer;
        String response = "resp_" + writer;
        writers.add(steps(step -> append(tenant, conversation, shared)));
        writers.add(steps(step -> update(tenant, conversation, "x", step)));
        writers.add(
            steps(
                step -> {
                  record(tenant, conversation, response);
                  storage.responses().delete(tenant.scope(), "resp_" + response);
                }));
        writers.add(
            steps(
                step ->
                    refusable(
                        () ->
                            storage
                                .conversations()
                                .removeItem(
                                    scopeOf(conversation),
                                    conversation.id(),
                                    shared + "1",
                                    Samples.at(step)))));
      }
      BooleanSupplier over = () -> writers.stream().allMatch(CompletableFuture::isDone);
      CompletableFuture<Void> deletes =
          repeat(
              over,
              step -> {
                maker.conversation("conv_a", message("first"));
                storage.conversations().delete(scopeOf(conversation), conversation.id());
              });
      writers.forEach(CompletableFuture::join);
      deletes.join();

      // What was deleted lately cannot come back: its tokens are known for a while.
      assertThat(keys("deleted")).allMatch(key -> key.endsWith(":voided"));
      assertThat(
              storage
                  .responses()
                  .list(
                      tenant.scope(),
                      new ResponseFilter(
                          null, null, null, null, null, Metadata.NONE, TimeRange.ALWAYS),
                      new PageRequest(10, Order.ASC, null))
                  .data())
          .isEmpty();
    }
  }

  @Test
  default void aWriteOutOfScopeChangesNoKey() {
    try (RedisStorage storage = storage("scope", Duration.ofHours(1));
        RedisStorage longer = storage("scope", Duration.ofHours(2))) {
      SampleTenant alice = SampleTenant.fresh(storage).as("alice");
      Key conversation = alice.conversation("conv_a", messages("msg_", 2));
      alice.record(alice.turn("resp_a").input(message("in")));
      alice.feedback("fb_a", "resp_a");
      Scope bob = alice.as("bob").scope();
      Map<String, String> before = contents("scope");

      ConversationStore conversations = longer.conversations();
      refusable(
          () ->
              conversations.append(
                  bob, conversation.id(), List.of(message("msg_1"), message("new")), at(9)));
      refusable(() -> conversations.removeItem(bob, conversation.id(), "msg_1", at(9)));
      conversations.replaceMetadata(bob, conversation.id(), labels("a", "b"), at(9));
      conversations.delete(bob, conversation.id());
      longer.responses().delete(bob, "resp_a");
      longer.feedback().delete(bob, "fb_a");
      refusable(
          () ->
              longer
                  .responses()
                  .record(
                      bob,
                      alice
                          .as("bob")
                          .turn("resp_b")
                          .in(conversation)
                          .input(message("in"))
                          .build()));

      assertThat(contents("scope")).isEqualTo(before);
    }
  }

  private static CompletableFuture<Void> steps(IntConsumer step) {
    return loop(count -> count < STEPS, step);
  }

  private static CompletableFuture<Void> repeat(BooleanSupplier over, IntConsumer step) {
    return loop(count -> !over.getAsBoolean(), step);
  }

  private static CompletableFuture<Void> loop(IntPredicate goesOn, IntConsumer step) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                for (int count = 0; goesOn.test(count); count++) {
                  step.accept(count);
                }
                end.complete(null);
              } catch (RuntimeException | Error e) {
                end.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return end;
  }

  private static void append(SampleTenant tenant, Key conversation, String prefix) {
    refusable(() -> tenant.append(conversation, messages(prefix, BATCH)));
  }

  private static void record(SampleTenant tenant, Key conversation, String prefix) {
    Item[] items = messages(prefix, BATCH);
    refusable(
        () ->
            tenant.record(
                tenant
                    .turn("resp_" + prefix)
                    .in(conversation)
                    .input(items[0])
                    .output(items[1], items[2])));
  }

  /** Runs a step that is refused if another thread was faster or the conversation was deleted. */
  private static void refusable(Runnable step) {
    try {
      step.run();
    } catch (HistoryFailure.NotFound | HistoryFailure.ItemAlreadyInConversation expected) {
      assertThat(expected).isNotNull();
    }
  }

  private static boolean update(SampleTenant tenant, Key conversation, String by, int step) {
    return tenant
        .storage()
        .conversations()
        .replaceMetadata(
            scopeOf(conversation),
            conversation.id(),
            labels("by", by, by, "" + step),
            Samples.at(step))
        .isPresent();
  }

  private static void assertOneUpdate(RedisStorage storage, Key conversation) {
    Conversation found =
        storage.conversations().find(scopeOf(conversation), conversation.id()).orElseThrow();
    Map<String, String> labels = found.metadata().entries();
    assertThat(labels.keySet())
        .isIn(Set.of(), Set.of("by", "x"), Set.of("by", "y"))
        .isEqualTo(labels.isEmpty() ? Set.of() : Set.of("by", labels.get("by")));
  }

  /** Asserts that no batch has foreign items inside it and that each writer's are in order. */
  private static void assertWholeAndInOrder(List<String> ids) {
    Map<String, Integer> next = new HashMap<>();
    for (int first = 0; first < ids.size(); first += BATCH) {
      String writer = ids.get(first).split("_")[0];
      String prefix = writer + "_" + (next.merge(writer, 1, Integer::sum) - 1) + "_";
      assertThat(ids.subList(first, first + BATCH))
          .containsExactly(
              IntStream.rangeClosed(1, BATCH).mapToObj(n -> prefix + n).toArray(String[]::new));
    }
  }

  private static Map<String, String> numbered(List<String> ids) {
    Map<String, String> positions = new TreeMap<>();
    ids.forEach(id -> positions.put(id, "" + (positions.size() + 1)));
    return positions;
  }

  private Map<String, String> positions(Key conversation, String prefix) {
    String key = new RedisKeys(prefix).conversation(conversation).positions();
    Map<String, String> positions = new TreeMap<>();
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        if (jedis.keys(prefix + ":*").contains(key)) {
          positions.putAll(jedis.hgetAll(key));
        }
      }
    }
    return positions;
  }

  /** What every key holds, and whether it expires within an hour. */
  private Map<String, String> contents(String prefix) {
    Map<String, String> contents = new TreeMap<>();
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        for (String key : jedis.keys(prefix + ":*")) {
          // The dump of a hash says in which order its fields happen to be.
          String value =
              jedis.type(key).equals("hash")
                  ? new TreeMap<>(jedis.hgetAll(key)).toString()
                  : Arrays.toString(jedis.dump(key));
          contents.put(key, value + (jedis.pttl(key) <= 3_600_000));
        }
      }
    }
    return contents;
  }

  private Set<String> keys(String prefix) {
    Set<String> keys = new TreeSet<>();
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        keys.addAll(jedis.keys(prefix + ":*"));
      }
    }
    return keys;
  }
}
