package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.model.TimeRange;

/** How backends count the bytes that are stored, and keep the sums of all servers. */
public interface StoredBytesContract extends StorageUnderTest {

  /** What a text may count beside itself: brackets, an id, a type. */
  int BESIDE_A_TEXT = 100;

  /** Many bytes in UTF-8 for few characters, but for one backend which counts characters. */
  String TEXT = "Straße 😀".repeat(50);

  /** What the storage tells. */
  CountedBytes counted();

  /** How many bytes one of these texts counts at least. */
  default long least(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String json(Item item) {
    return item.json().toString();
  }

  private void assertCounted(long counted, Item... items) {
    long least = 0;
    for (Item item : items) {
      least += least(json(item));
    }
    assertThat(counted).isBetween(least, least + (long) BESIDE_A_TEXT * (items.length + 1));
  }

  @Test
  default void aTextCountsWhereverItIsStored() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.key("conv");
    Item first = message("first", TEXT);
    Item second = message("second", TEXT);
    Item in = message("in", TEXT);
    Item out = message("out", TEXT);

    assertCounted(counted().by(tenant, () -> tenant.conversation("conv", first)), first);
    assertCounted(counted().by(tenant, () -> tenant.append(conversation, second)), second);
    assertCounted(
        counted()
            .by(
                tenant,
                () -> tenant.record(tenant.turn("resp").in(conversation).input(in).output(out))),
        in,
        out,
        in,
        out);
    assertCounted(
        counted().by(tenant, () -> tenant.record(tenant.turn("alone").input(in).output(out))),
        in,
        out);
    assertThat(counted().by(tenant, () -> tenant.feedback("fb", "resp")))
        .isBetween(least("Well saidappchat"), least("Well saidappchat") + 400);
  }

  @Test
  default void whatIsLinkedCountsOnceMore() {
    SampleTenant tenant = freshTenant();
    Item item = message("item", TEXT);
    tenant.conversation("conv_a", item);
    Key other = tenant.conversation("conv_b");

    assertCounted(
        counted().by(tenant, () -> tenant.append(other, Samples.reference("item"))), item);
  }

  @Test
  default void whatIsDeletedIsSubtracted() {
    Storage storage = storage();
    SampleTenant tenant = freshTenant();
    Scope scope = tenant.scope();
    Key conversation = tenant.key("conv");
    storage
        .conversations()
        .create(
            scope,
            Samples.conversation(conversation, 0, labels("a", TEXT)),
            List.of(message("first", TEXT), message("second", TEXT)));
    tenant.append(conversation, message("third", TEXT));
    storage.conversations().replaceMetadata(scope, "conv", labels("b", "short"), Samples.at(2));
    tenant.record(
        tenant
            .turn("resp")
            .in(conversation)
            .metadata(labels("c", "d"))
            .input(message("in", TEXT), Samples.reference("first"))
            .output(message("out", TEXT)));
    tenant.record(tenant.turn("empty"));
    tenant.feedback("fb_1", "resp");
    tenant.feedback("fb_2", "resp");

    Item third = message("third", TEXT);
    assertCounted(
        -counted()
            .by(
                tenant,
                () -> storage.conversations().removeItem(scope, "conv", "third", Samples.at(3))),
        third);
    long beforeDelete = counted().of(tenant);
    assertThat(storage.feedback().delete(scope, "fb_1")).isTrue();
    assertThat(counted().of(tenant)).isLessThan(beforeDelete);
    assertThat(storage.conversations().delete(scope, "conv")).isTrue();
    assertThat(storage.responses().delete(scope, "resp")).isTrue();
    assertThat(storage.responses().delete(scope, "empty")).isTrue();

    assertThat(counted().of(tenant)).isZero();
  }

  @Test
  default void whatIsDeletedByAFilterIsSubtracted() {
    Storage storage = storage();
    SampleTenant tenant = freshTenant();
    Scope scope = tenant.scope();
    for (int i = 1; i <= 3; i++) {
      Key conversation = tenant.key("conv_" + i);
      storage
          .conversations()
          .create(
              scope,
              Samples.conversation(conversation, i, labels("case", i == 3 ? "8" : "7")),
              List.of(message("first_" + i, TEXT)));
      tenant.record(
          tenant
              .turn("resp_" + i)
              .in(conversation)
              .user(i == 3 ? "bob" : "ann")
              .input(message("in_" + i, TEXT))
              .output(message("out_" + i, TEXT)));
      tenant.feedback("fb_" + i, "resp_" + i);
    }
    long all = counted().of(tenant);

    ConversationFilter labelled = new ConversationFilter(labels("case", "7"), TimeRange.ALWAYS);
    assertThat(storage.conversations().delete(scope, labelled, 100).count()).isEqualTo(2);
    assertThat(
            storage
                .responses()
                .delete(
                    scope, ResponseListContract.FilterBuilder.of(tenant).user("ann").build(), 100)
                .count())
        .isEqualTo(2);

    // The three of each kind hold the same.
    assertThat(counted().of(tenant)).isEqualTo(all / 3);
    storage.conversations().delete(scope, "conv_3");
    storage.responses().delete(scope, "resp_3");
    assertThat(counted().of(tenant)).isZero();
  }

  @Test
  default void newMetadataCountsInPlaceOfTheOld() {
    Storage storage = storage();
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv");
    String value = "x".repeat(400);

    long longer =
        counted()
            .by(
                tenant,
                () ->
                    storage
                        .conversations()
                        .replaceMetadata(
                            tenant.scope(), "conv", labels("a", value), Samples.at(2)));
    long shorter =
        counted()
            .by(
                tenant,
                () ->
                    storage
                        .conversations()
                        .replaceMetadata(tenant.scope(), "conv", labels(), Samples.at(3)));

    assertThat(longer).isBetween(400L, 420L);
    assertThat(shorter).isEqualTo(-longer);
  }

  @Test
  default void whatIsNotStoredOrNotDeletedDoesNotCount() {
    Storage storage = storage();
    SampleTenant tenant = freshTenant();
    Scope scope = tenant.scope();
    Key conversation = tenant.conversation("conv", message("item", TEXT));
    tenant.record(tenant.turn("resp").in(conversation).input(message("in", TEXT)));
    Scope stranger = new Scope(tenant.name(), "stranger");
    long before = counted().of(tenant);

    tenant.record(tenant.turn("resp").in(conversation).input(message("in", TEXT)));
    assertThatThrownBy(() -> tenant.append(conversation, message("new"), message("item", TEXT)))
        .isInstanceOf(HistoryFailure.ItemAlreadyInConversation.class);
    assertThatThrownBy(() -> tenant.append(tenant.key("none"), message("new")))
        .isInstanceOf(HistoryFailure.NotFound.class);
    storage.conversations().replaceMetadata(scope, "none", labels("a", "b"), Samples.at(2));
    for (Scope other : List.of(stranger, Scope.ofTenant("nobody"))) {
      storage.conversations().delete(other, "conv");
      storage.responses().delete(other, "resp");
    }
    storage.conversations().delete(scope, "none");
    storage.conversations().removeItem(scope, "conv", "none", Samples.at(3));
    storage.responses().delete(scope, "none");
    storage.feedback().delete(scope, "none");

    assertThat(counted().of(tenant)).isEqualTo(before);
  }

  @Test
  default void aTurnThatSendsItsConversationAgainCountsWhatIsNewInIt() {
    SampleTenant tenant = freshTenant();
    Item old = message("old", TEXT);
    Item added = message("added", TEXT);
    Key conversation = tenant.conversation("conv", old);

    assertCounted(
        counted()
            .by(
                tenant,
                () -> tenant.record(tenant.turn("resp").in(conversation).input(old, added))),
        old,
        added,
        added);
  }

  @Test
  default void theMeterIsToldOfTheKey() {
    Storage storage = storage();
    SampleTenant tenant = freshTenant();
    Key key = tenant.key("conv");
    Scope scope = new Scope(key.tenant(), Samples.OWNER, "key");

    storage.conversations().create(scope, Samples.conversation(key), List.of(message("a")));
    assertThat(counted().last(tenant)).isEqualTo(scope);

    storage.conversations().delete(scope, "conv");
    assertThat(counted().last(tenant)).isEqualTo(scope);
    assertThat(counted().of(tenant)).isZero();
  }

  @Test
  default void sumsAreOfAllServersAndOfOneTenant() {
    ByteSums one = storage().byteSums();
    String tenant = "tenant-" + UUID.randomUUID();
    assertThat(one.sums(tenant)).isEmpty();

    one.add(tenant, Map.of(ByteSums.WHOLE_TENANT, 5_000_000_000L, "key", 7L));
    one.add(tenant, Map.of("key", -3L));
    one.add(tenant + "x", Map.of(ByteSums.WHOLE_TENANT, 1L));

    assertThat(one.sums(tenant))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(ByteSums.WHOLE_TENANT, 5_000_000_000L, "key", 4L));
  }

  @Test
  default void sumsThatManyAddToAreExact() throws Exception {
    ByteSums sums = storage().byteSums();
    String tenant = "tenant-" + UUID.randomUUID();
    ExecutorService servers = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> adding = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        adding.add(
            () -> {
              sums.add(tenant, Map.of(ByteSums.WHOLE_TENANT, 2L, "a", 3L, "b", 1L));
              return null;
            });
      }
      for (Future<Void> added : servers.invokeAll(adding)) {
        added.get();
      }
    } finally {
      servers.shutdownNow();
    }

    assertThat(sums.sums(tenant))
        .containsEntry(ByteSums.WHOLE_TENANT, 80L)
        .containsEntry("a", 120L);
  }
}
