package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.reference;
import static org.smg.history.storage.Samples.reused;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.Conversation;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.RetentionStore.Step;

/** What is due is not there, for any operation, and a purge removes it for good. */
public interface RetentionContract extends StoredBytesContract {

  /** What the storage asks. */
  SettableHorizon horizon();

  /** Looks at what the backend holds, without asking the storage. */
  void assertNothingDueIsLeft(String tenant);

  /** The same where all of the tenant has become due. */
  void assertNothingIsLeft(String tenant);

  @AfterEach
  default void nothingIsDue() {
    horizon().clear();
  }

  /** Old at 0, new at 1,000; all that is from before 500 is due. */
  private SampleTenant oldAndNew() {
    SampleTenant tenant = freshTenant();
    Key old = tenant.key("conv_old");
    storage()
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(old, 0, labels("a", "b")),
            List.of(message("msg_a"), message("msg_b")));
    tenant.record(
        tenant.turn("resp_old").in(old).metadata(labels("a", "b")).input(message("msg_in")));
    tenant.feedback("fb_old", "resp_old");
    Key recent = tenant.key("conv_new");
    storage()
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(recent, 1_000, labels("a", "b")),
            List.of(message("msg_new")));
    tenant.record(
        tenant
            .turn("resp_new")
            .created(1_000)
            .recorded(1_000)
            .metadata(labels("a", "b"))
            .after("resp_old"));
    tenant.feedback("fb_new", "resp_new");
    horizon().set(at(500), at(500));
    return tenant;
  }

  private static PageRequest page(String after) {
    return new PageRequest(1, Order.ASC, after);
  }

  private Page<Conversation> conversations(SampleTenant tenant, Metadata labels, String after) {
    return storage()
        .conversations()
        .list(tenant.scope(), new ConversationFilter(labels, TimeRange.ALWAYS), page(after));
  }

  private Page<StoredResponse> responses(SampleTenant tenant, Metadata labels, String after) {
    return storage()
        .responses()
        .list(
            tenant.scope(),
            new ResponseFilter(null, null, null, null, null, labels, TimeRange.ALWAYS),
            page(after));
  }

  private Page<Feedback> feedback(SampleTenant tenant, String response, String after) {
    return storage()
        .feedback()
        .list(
            tenant.scope(),
            new FeedbackFilter(null, response, null, null, null, TimeRange.ALWAYS),
            page(after));
  }

  private static void assertNotFound(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(HistoryFailure.NotFound.class);
  }

  /** Removes all that is due. */
  private Counts purge(SampleTenant tenant) {
    Counts removed = Counts.NONE;
    Step step;
    do {
      step = storage().retention().purge(tenant.name(), at(0));
      removed = removed.plus(step.removed());
    } while (step.more());
    return removed;
  }

  @Test
  default void aConversationThatIsDueIsNotThere() {
    SampleTenant tenant = oldAndNew();
    Scope scope = tenant.scope();
    ConversationStore store = storage().conversations();

    for (Scope caller : List.of(scope, new Scope(tenant.name(), Samples.OWNER))) {
      assertThat(store.find(caller, "conv_old")).isEmpty();
      assertNotFound(() -> store.items(caller, "conv_old", page(null)));
      assertNotFound(() -> store.items(caller, "conv_old", page("msg_a")));
      assertNotFound(() -> store.item(caller, "conv_old", "msg_a"));
      assertThat(store.replaceMetadata(caller, "conv_old", labels("c", "d"), at(1_001))).isEmpty();
      assertNotFound(() -> store.removeItem(caller, "conv_old", "msg_a", at(1_001)));
      assertNotFound(() -> store.append(caller, "conv_old", List.of(message("x")), at(1_001)));
      assertThat(store.delete(caller, "conv_old")).isFalse();
    }
    for (Metadata labels : List.of(Metadata.NONE, labels("a", "b"))) {
      Page<Conversation> listed = conversations(tenant, labels, null);
      assertThat(listed.data()).extracting(found -> found.key().id()).containsExactly("conv_new");
      assertThat(listed.hasMore()).isFalse();
      assertNotFound(() -> conversations(tenant, labels, "conv_old"));
    }
    assertNotFound(
        () -> tenant.record(tenant.turn("resp_x").recorded(1_001).in(tenant.key("conv_old"))));
    assertThat(storage().responses().find(scope, "resp_x")).isEmpty();
  }

  @Test
  default void aResponseThatIsDueIsNotThereNorIsItsFeedback() {
    SampleTenant tenant = oldAndNew();
    Scope scope = tenant.scope();
    ResponseStore store = storage().responses();

    assertThat(store.find(scope, "resp_old")).isEmpty();
    assertNotFound(() -> store.inputItems(scope, "resp_old", page(null)));
    assertNotFound(() -> store.chain(scope, "resp_old", 5));
    Page<StoredResponse> chain = store.chain(scope, "resp_new", 1);
    assertThat(chain.data()).hasSize(1);
    assertThat(chain.hasMore()).isFalse();
    assertThat(store.delete(scope, "resp_old")).isFalse();
    for (Metadata labels : List.of(Metadata.NONE, labels("a", "b"))) {
      Page<StoredResponse> listed = responses(tenant, labels, null);
      assertThat(listed.data()).extracting(found -> found.key().id()).containsExactly("resp_new");
      assertThat(listed.hasMore()).isFalse();
      assertNotFound(() -> responses(tenant, labels, "resp_old"));
    }
    assertThat(storage().feedback().find(scope, "fb_old")).isEmpty();
    assertThat(storage().feedback().find(scope, "fb_new")).isPresent();
    assertThat(storage().feedback().delete(scope, "fb_old")).isFalse();
    assertNotFound(() -> tenant.feedback("fb_x", "resp_old"));
    Page<Feedback> listed = feedback(tenant, null, null);
    assertThat(listed.data()).extracting(found -> found.key().id()).containsExactly("fb_new");
    assertThat(listed.hasMore()).isFalse();
    assertThat(feedback(tenant, "resp_old", null).data()).isEmpty();
    assertNotFound(() -> feedback(tenant, null, "fb_old"));
  }

  @Test
  default void aReferenceDoesNotFindWhatIsDue() {
    SampleTenant tenant = oldAndNew();
    Key recent = tenant.key("conv_new");

    assertThatThrownBy(
            () ->
                storage()
                    .conversations()
                    .append(tenant.scope(), recent.id(), List.of(reference("msg_a")), at(1_001)))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
    assertThatThrownBy(
            () -> tenant.record(tenant.turn("r").recorded(1_001).input(reference("msg_in"))))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
    List<Item> stored =
        storage()
            .conversations()
            .append(tenant.scope(), recent.id(), List.of(reused("msg_a", "own")), at(1_001));
    assertThat(stored).containsExactly(message("msg_a", "own"));
  }

  @Test
  default void whatCameWithAResponseIsFoundAsLongAsTheResponseIsThere() {
    SampleTenant tenant = oldAndNew();
    horizon().set(at(500), at(0));

    assertCanLink(tenant, "msg_in", true);
    assertCanLink(tenant, "msg_a", false);
    assertThat(tenant.input("resp_old")).containsExactly(message("msg_in"));
    purge(tenant);
    assertNothingDueIsLeft(tenant.name());
    assertCanLink(tenant, "msg_in", true);
    assertCanLink(tenant, "msg_a", false);

    horizon().set(at(500), at(500));
    assertCanLink(tenant, "msg_in", false);
  }

  private void assertCanLink(SampleTenant tenant, String item, boolean expected) {
    assertThat(tenant.canLink(item, 1_000)).as("%s is found", item).isEqualTo(expected);
  }

  @Test
  default void aResponseIsRecordedAnewWhereTheOldOneIsDue() {
    SampleTenant tenant = oldAndNew();

    StoredResponse recorded =
        tenant.record(
            tenant
                .turn("resp_old")
                .recorded(1_001)
                .fingerprint("another")
                .in(tenant.key("conv_new"))
                .input(message("msg_later")));

    assertThat(storage().responses().find(tenant.scope(), "resp_old")).contains(recorded);
    assertThat(tenant.itemIds(tenant.key("conv_new"))).containsExactly("msg_new", "msg_later");
    assertThat(storage().feedback().find(tenant.scope(), "fb_old")).isEmpty();
    assertThat(feedback(tenant, "resp_old", null).data()).isEmpty();
    horizon().clear();
    assertThat(storage().feedback().find(tenant.scope(), "fb_old")).isEmpty();
  }

  @Test
  default void aConversationIsMadeAnewWhereTheOldOneIsDue() {
    SampleTenant tenant = oldAndNew();
    Key old = tenant.key("conv_old");

    storage()
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(old, 1_001, Metadata.NONE),
            List.of(message("msg_b", "new")));

    assertThat(tenant.items(old)).containsExactly(message("msg_b", "new"));
    assertThat(conversations(tenant, labels("a", "b"), null).data())
        .extracting(found -> found.key().id())
        .containsExactly("conv_new");
  }

  @Test
  default void aPurgeRemovesWhatIsDueForGood() {
    SampleTenant tenant = oldAndNew();
    SampleTenant other = freshTenant();
    other.conversation("conv_old", message("msg_a"));

    assertThat(purge(tenant)).isEqualTo(new Counts(1, 3, 1, 1));
    assertThat(purge(tenant)).isEqualTo(Counts.NONE);

    assertNothingDueIsLeft(tenant.name());
    horizon().clear();
    assertThat(storage().conversations().find(tenant.scope(), "conv_old")).isEmpty();
    assertThat(storage().responses().find(tenant.scope(), "resp_old")).isEmpty();
    assertThat(storage().feedback().find(tenant.scope(), "fb_old")).isEmpty();
    assertThat(tenant.itemIds(tenant.key("conv_new"))).containsExactly("msg_new");
    assertThat(storage().responses().find(tenant.scope(), "resp_new")).isPresent();
    assertThat(storage().feedback().find(tenant.scope(), "fb_new")).isPresent();
    assertThat(other.itemIds(other.key("conv_old"))).containsExactly("msg_a");
  }

  @Test
  default void aWriteRenewsAConversationAndNoResponse() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv", message("msg_1"));
    tenant.record(tenant.turn("resp").in(conversation).input(message("msg_2")));
    storage().conversations().replaceMetadata(tenant.scope(), "conv", labels("a", "b"), at(1_000));
    horizon().set(at(500), at(500));

    assertThat(purge(tenant)).isEqualTo(new Counts(0, 0, 1, 0));
    assertThat(tenant.items(conversation)).hasSize(2);
    horizon().set(at(1_000), at(1_000));
    assertThat(tenant.items(conversation)).hasSize(2);
    horizon().set(at(1_001), at(1_001));
    assertThat(storage().conversations().find(tenant.scope(), "conv")).isEmpty();
    assertThat(purge(tenant)).isEqualTo(new Counts(1, 2, 0, 0));
    assertNothingIsLeft(tenant.name());
  }

  @Test
  default void aPurgeSubtractsTheBytesThatItRemoves() {
    SampleTenant tenant = oldAndNew();
    tenant.record(tenant.turn("resp_alone").input(message("msg_alone")));
    horizon().set(at(2_000), at(2_000));
    assertThat(counted().of(tenant)).isPositive();

    purge(tenant);

    assertThat(counted().of(tenant)).isZero();
    assertNothingIsLeft(tenant.name());
  }

  /** More items than one step removes, in one conversation and in many. */
  @Test
  default void aPurgeOfManyItemsTakesManySteps() {
    SampleTenant tenant = freshTenant();
    Key large = tenant.conversation("conv_large", messages("msg_", 1_300));
    tenant.append(large, messages("more_", 1_300));
    for (int i = 0; i < 120; i++) {
      tenant.conversation("conv_" + i, messages("few_", 2));
    }
    horizon().set(at(500), at(500));

    assertThat(purge(tenant)).isEqualTo(new Counts(121, 2_840, 0, 0));
    assertNothingIsLeft(tenant.name());
  }

  @Test
  default void theStateTellsTheOldestTimesAndTheLastRun() {
    RetentionStore retention = storage().retention();
    SampleTenant tenant = freshTenant();
    assertThat(retention.state(tenant.name())).isEqualTo(RetentionStore.State.EMPTY);

    tenant.conversation("conv", message("msg"));
    tenant.record(tenant.turn("resp").recorded(7));
    storage().conversations().replaceMetadata(tenant.scope(), "conv", labels("a", "b"), at(9));
    RetentionStore.Purged first = new RetentionStore.Purged(at(10), new Counts(1, 2, 3, 4));
    RetentionStore.Purged second = new RetentionStore.Purged(at(11), new Counts(0, 0, 5, 0));
    retention.purged(tenant.name(), first);
    assertThat(retention.state(tenant.name()))
        .isEqualTo(new RetentionStore.State(at(9), at(7), first));
    retention.purged(tenant.name(), second);
    assertThat(retention.state(tenant.name()).lastPurge()).isEqualTo(second);
  }

  @Test
  default void tenantsComeOneAfterTheOther() {
    SampleTenant conversations = freshTenant();
    conversations.conversation("conv");
    SampleTenant responses = freshTenant();
    responses.record(responses.turn("resp"));

    List<String> names = new java.util.ArrayList<>();
    Optional<String> next = storage().retention().tenantAfter(null);
    while (next.isPresent()) {
      names.add(next.get());
      next = storage().retention().tenantAfter(next.get());
    }

    assertThat(names).doesNotHaveDuplicates().contains(conversations.name(), responses.name());
  }

  @Test
  default void oldIdempotencyRecordsAreRemovedWhoeverComesBack() {
    SampleTenant tenant = freshTenant();
    Instant recorded = at(0);
    IdempotencyRecord record =
        new IdempotencyRecord("a".repeat(64), "b".repeat(64), null, 200, List.of("x"), recorded);
    storage()
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(tenant.key("conv")),
            List.of(),
            Optional.of(record));
    Instant end = recorded.plus(IdempotencyRecord.LIFETIME);

    Step step = storage().retention().purge(tenant.name(), end);
    assertThat(step.removed()).isEqualTo(Counts.NONE);
    assertThat(found(tenant, record)).isPresent();
    storage().retention().purge(tenant.name(), end.plusSeconds(1));
    assertThat(found(tenant, record)).isEmpty();
  }

  private Optional<IdempotencyRecord> found(SampleTenant tenant, IdempotencyRecord record) {
    return storage().idempotency().find(tenant.name(), record.keyHash(), at(0).minusSeconds(9));
  }

  /** Appends, turns, deletes, purges and a clock that jumps. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {4, 55, 666})
  default void aRandomHistoryThatBecomesDueIsThatOfTheModel(long seed) {
    SampleTenant tenant = freshTenant();
    RandomHistory history = new RandomHistory(tenant, seed, horizon());

    int steps = 400;
    for (int step = 1; step <= steps; step++) {
      String operation = history.next();
      if (step % 7 == 0) {
        storage().retention().purge(tenant.name(), at(0));
      }
      if (step % 10 == 0 || step == steps) {
        history.assertSame("seed %d, step %d: %s".formatted(seed, step, operation));
      }
    }

    purge(tenant);
    assertNothingDueIsLeft(tenant.name());
    history.assertSame("seed %d, purged".formatted(seed));
    horizon().set(at(1_000_000), at(1_000_000));
    purge(tenant);
    assertNothingIsLeft(tenant.name());
  }
}
