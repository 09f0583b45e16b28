package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.reference;
import static org.smg.history.storage.Samples.scopeOf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.ConversationListContract;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.StorageUnderTest;
import redis.clients.jedis.Jedis;

/** How long history is kept, and that all keys expire. Every key in Redis is looked at. */
interface ExpiryContract extends StorageUnderTest {

  long FOR_EVER = -1;

  /** A backend whose keys begin with the given prefix. */
  RedisStorage storage(String prefix, Duration retention);

  List<TestRedis> servers();

  @Test
  default void everyKeyExpires() {
    Duration retention = Duration.ofDays(30);
    try (RedisStorage storage = storage("expires", retention)) {
      writeEverything(SampleTenant.fresh(storage));
    }

    Map<String, Long> expiries = expiries("expires");
    long latest = System.currentTimeMillis() + retention.toMillis();
    assertThat(expiries).hasSizeGreaterThan(20);
    assertThat(select(expiries, key -> key.endsWith(":voided")))
        .hasSize(1)
        .allSatisfy(
            expiry -> assertThat(expiry).isLessThan(System.currentTimeMillis() + 3_700_000));
    assertThat(select(expiries, key -> !key.endsWith(":voided")))
        .allSatisfy(expiry -> assertThat(expiry).isBetween(latest - 600_000, latest));
  }

  @Test
  default void nothingExpiresThatIsKeptForEver() {
    try (RedisStorage storage = storage("stays", null)) {
      writeEverything(SampleTenant.fresh(storage));
    }

    assertThat(expiries("stays")).hasSizeGreaterThan(20);
    assertThat(select(expiries("stays"), key -> !key.endsWith(":voided"))).containsOnly(FOR_EVER);
  }

  @Test
  default void historyThatIsKeptForEverStaysWhenLaterWritesExpire() {
    try (RedisStorage forEver = storage("mixed", null);
        RedisStorage expiring = storage("mixed", Duration.ofSeconds(1))) {
      SampleTenant before = SampleTenant.fresh(forEver);
      SampleTenant after = new SampleTenant(expiring, before.name());
      before.conversation("conv_a", message("msg_1"));
      Key expires = after.conversation("conv_b", reference("msg_1"), message("msg_2"));

      TestRedis.await(
          "the later one expires",
          () -> expiring.conversations().find(scopeOf(expires), expires.id()).isEmpty());

      assertThat(after.canLink("msg_1")).isTrue();
      assertThat(after.canLink("msg_2")).isFalse();
      assertThat(
              forEver
                  .conversations()
                  .list(
                      before.scope(),
                      new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS),
                      new PageRequest(100, Order.ASC, null))
                  .data())
          .extracting(listed -> listed.key().id())
          .containsExactly("conv_a");
    }
  }

  @Test
  default void aConversationsKeysExpireInTheSameInstantAndItsItemsLocationsNoLater() {
    try (RedisStorage storage = storage("together", Duration.ofHours(1))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
      // So little that the locations are not renewed.
      TestRedis.await("time passes", passed(Duration.ofMillis(100)));
      tenant.append(conversation, message("msg_4"));
    }

    Map<String, Long> expiries = expiries("together");
    List<Long> whole = select(expiries, key -> key.contains(":conversation:"));
    assertThat(whole).hasSize(3);
    long jitter = 40;
    assertThat(whole)
        .allSatisfy(one -> assertThat(one).isBetween(whole.get(0) - jitter, whole.get(0) + jitter));
    assertThat(select(expiries, key -> key.contains(":item:")))
        .hasSize(4)
        .allSatisfy(one -> assertThat(one).isLessThanOrEqualTo(whole.get(0) + jitter));
  }

  @Test
  default void nothingIsLeftOfWhatHasExpired() {
    try (RedisStorage storage = storage("gone", Duration.ofMillis(500))) {
      writeEverything(SampleTenant.fresh(storage));
      assertThat(expiries("gone")).isNotEmpty();

      TestRedis.await("all keys are gone", () -> expiries("gone").isEmpty());
    }
  }

  @Test
  default void aConversationIsThereWholeUntilItIsGoneWhole() {
    try (RedisStorage storage = storage("whole", Duration.ofMillis(700))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Item[] all = messages("msg_", 5);
      Key conversation = tenant.conversation("conv_a", all);
      PageRequest page = new PageRequest(100, Order.ASC, null);

      TestRedis.await(
          "the conversation expires",
          () -> {
            try {
              assertThat(
                      storage
                          .conversations()
                          .items(scopeOf(conversation), conversation.id(), page)
                          .data())
                  .containsExactly(all);
              return false;
            } catch (HistoryFailure.NotFound gone) {
              return true;
            }
          });

      assertThat(storage.conversations().find(scopeOf(conversation), conversation.id())).isEmpty();
      assertThat(tenant.canLink("msg_1")).isFalse();
      tenant.conversation("conv_b");
      assertThat(
              storage
                  .conversations()
                  .list(
                      tenant.scope(), new ConversationFilter(Metadata.NONE, TimeRange.ALWAYS), page)
                  .data())
          .extracting(listed -> listed.key().id())
          .containsExactly("conv_b");
    }
  }

  @Test
  default void everyWriteRenewsAConversationAndTheLocationsOfItsItems() {
    Duration retention = Duration.ofMillis(800);
    try (RedisStorage storage = storage("renewed", retention)) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a", message("first"));
      long until = System.nanoTime() + retention.multipliedBy(2).toNanos();
      int count = 0;
      while (System.nanoTime() < until) {
        switch (count++ % 3) {
          case 0 -> tenant.append(conversation, message("msg_" + count));
          case 1 ->
              storage
                  .conversations()
                  .replaceMetadata(
                      scopeOf(conversation),
                      conversation.id(),
                      labels("n", "" + count),
                      Samples.at(count));
          default ->
              storage
                  .conversations()
                  .removeItem(
                      scopeOf(conversation),
                      conversation.id(),
                      "msg_" + (count - 2),
                      Samples.at(count));
        }
        assertThat(storage.conversations().item(scopeOf(conversation), conversation.id(), "first"))
            .isPresent();
        TestRedis.await("time passes", passed(Duration.ofMillis(30)));
      }
      assertThat(tenant.canLink("first")).isTrue();
      // The renewed entry of the index and the one before do not show it twice.
      ConversationListContract.conversations(tenant).assertEntries(List.of("conv_a"));
    }
  }

  @Test
  default void aResponseExpiresWithItsFeedbackThoughItsConversationLives() {
    Duration retention = Duration.ofSeconds(1);
    try (RedisStorage storage = storage("response", retention)) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      Key conversation = tenant.conversation("conv_a");
      tenant.record(tenant.turn("resp_a").in(conversation).output(message("out")));
      tenant.feedback("fb_a", "resp_a");

      int[] count = {0};
      TestRedis.await(
          "the response expires",
          () -> {
            tenant.append(conversation, message("msg_" + count[0]++));
            return storage.responses().find(tenant.scope(), "resp_a").isEmpty();
          });

      assertThat(storage.feedback().find(tenant.scope(), "fb_a")).isEmpty();
      assertThat(storage.conversations().item(scopeOf(conversation), conversation.id(), "out"))
          .isPresent();
      tenant.record(tenant.turn("resp_b"));
      assertThat(expiries("response").keySet().stream().filter(key -> key.contains(":response:")))
          .allMatch(key -> key.contains("resp_b"));
    }
  }

  @Test
  default void expiredMembersAreRemovedFromTheIndexes() {
    try (RedisStorage storage = storage("trimmed", Duration.ofSeconds(1))) {
      SampleTenant tenant = SampleTenant.fresh(storage);
      for (int i = 0; i < 20; i++) {
        tenant.conversation("conv_" + i);
        tenant.record(tenant.turn("resp_" + i));
        tenant.feedback("fb_" + i, "resp_" + i);
      }
      AtomicBoolean over = new AtomicBoolean();
      CompletableFuture<Void> reader =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  readLists(tenant);
                }
              });
      TestRedis.await(
          "the first ones expire",
          () -> {
            String id = UUID.randomUUID().toString();
            tenant.conversation("conv_" + id);
            tenant.record(tenant.turn("resp_" + id));
            tenant.feedback("fb_" + id, "resp_" + id);
            return storage.conversations().find(tenant.scope(), "conv_19").isEmpty()
                && storage.responses().find(tenant.scope(), "resp_19").isEmpty();
          });
      over.set(true);
      reader.join();

      // Each write looks at some other members of the index.
      int[] count = {0};
      TestRedis.await(
          "no index has an expired member",
          () -> {
            String id = "last_" + count[0]++;
            tenant.conversation("conv_" + id);
            tenant.record(tenant.turn("resp_" + id));
            tenant.feedback("fb_" + id, "resp_" + id);
            return Stream.of("conversations", "responses", "feedbacks")
                .flatMap(list -> membersOf("trimmed:" + list + ":{" + tenant.name() + "}:1"))
                .noneMatch(member -> member.matches(".* (conv|resp|fb)_1?[0-9] .*"));
          });
    }
  }

  private void readLists(SampleTenant tenant) {
    PageRequest page = new PageRequest(100, Order.ASC, null);
    tenant
        .storage()
        .responses()
        .list(
            tenant.scope(),
            new ResponseFilter(null, null, null, null, null, Metadata.NONE, TimeRange.ALWAYS),
            page)
        .data()
        .forEach(response -> assertThat(response.json().length()).isPositive());
  }

  private Stream<String> membersOf(String key) {
    List<String> members = new ArrayList<>();
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        if (jedis.keys("trimmed:*").contains(key)) {
          members.addAll(jedis.zrange(key, 0, -1));
        }
      }
    }
    return members.stream();
  }

  static void writeEverything(SampleTenant tenant) {
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
    tenant.append(conversation, message("msg_4"));
    Key linking = tenant.conversation("conv_b", reference("msg_1"), message("msg_2", "again"));
    tenant.record(
        tenant.turn("resp_a").in(conversation).input(message("in")).output(message("out")));
    tenant.record(tenant.turn("resp_b").after("resp_a").output(message("out_b")));
    tenant.record(
        tenant
            .turn("resp_c")
            .in(conversation)
            .status(ResponseStatus.FAILED)
            .input(message("in_c")));
    tenant.feedback("fb_a", "resp_a");
    tenant.feedback("fb_b", "resp_b");
    tenant
        .storage()
        .conversations()
        .removeItem(scopeOf(conversation), conversation.id(), "msg_2", Samples.at(5));
    tenant
        .storage()
        .conversations()
        .replaceMetadata(scopeOf(linking), linking.id(), labels("a", "b"), Samples.at(6));
    tenant.conversation("conv_empty");
    Key deleted = tenant.conversation("conv_d", message("msg_d"));
    tenant.storage().conversations().delete(scopeOf(deleted), deleted.id());
    tenant.record(tenant.turn("resp_d").output(message("out_d")));
    tenant.storage().responses().delete(tenant.scope(), "resp_d");
    tenant.storage().feedback().delete(tenant.scope(), "fb_b");
  }

  /** When each key expires: milliseconds since 1970, or -1 for never. */
  private Map<String, Long> expiries(String prefix) {
    Map<String, Long> expiries = new TreeMap<>();
    for (TestRedis server : servers()) {
      try (Jedis jedis = server.connect()) {
        for (String key : jedis.keys(prefix + ":*")) {
          long now = System.currentTimeMillis();
          long left = jedis.pttl(key);
          if (left != -2) {
            expiries.put(key, left == -1 ? FOR_EVER : now + left);
          }
        }
      }
    }
    return expiries;
  }

  private static List<Long> select(Map<String, Long> expiries, Predicate<String> keys) {
    Map<String, Long> selected = new HashMap<>(expiries);
    selected.keySet().removeIf(keys.negate());
    return List.copyOf(selected.values());
  }

  private static BooleanSupplier passed(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return () -> System.nanoTime() > end;
  }
}
