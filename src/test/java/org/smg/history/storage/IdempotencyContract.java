package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reference;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Conversation;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.TimeRange;

/** A write and the record of its idempotency key are stored together, and once. */
public interface IdempotencyContract extends StorageUnderTest {

  String KEY = "a1".repeat(32);
  String REQUEST = "b2".repeat(32);

  /** Now: some backends let records expire by their own clock. */
  private static IdempotencyRecord record(String... ids) {
    return new IdempotencyRecord(
        KEY, REQUEST, "user-1", 200, List.of(ids), Instant.now().truncatedTo(ChronoUnit.MICROS));
  }

  private Optional<IdempotencyRecord> found(SampleTenant tenant) {
    return storage()
        .idempotency()
        .find(tenant.name(), KEY, Instant.now().minus(IdempotencyRecord.LIFETIME));
  }

  private Conversation conversation(SampleTenant tenant, String id) {
    return Samples.conversation(tenant.key(id), tenant.owner());
  }

  @Test
  default void aKeyThatNobodyUsedIsNotFound() {
    assertThat(found(freshTenant())).isEmpty();
  }

  @Test
  default void aCreationLeavesItsRecordAndIsMadeOnce() {
    SampleTenant tenant = freshTenant();
    ConversationStore store = storage().conversations();
    IdempotencyRecord record = record("conv_a", "\u00e9\u4f60");

    store.create(
        tenant.scope(),
        conversation(tenant, "conv_a"),
        List.of(message("msg_1")),
        Optional.of(record));

    assertThat(found(tenant)).contains(record);
    assertThat(tenant.itemIds(tenant.key("conv_a"))).containsExactly("msg_1");
    assertThatThrownBy(
            () ->
                store.create(
                    tenant.scope(),
                    conversation(tenant, "conv_b"),
                    List.of(message("msg_2")),
                    Optional.of(record("conv_b"))))
        .isInstanceOf(HistoryFailure.IdempotencyKeyUsed.class);
    assertThat(store.find(tenant.scope(), "conv_b")).isEmpty();
    assertThat(found(tenant)).contains(record);
  }

  @Test
  default void anAppendLeavesItsRecordAndIsMadeOnce() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    IdempotencyRecord record = record("msg_1", "msg_2");
    ConversationStore store = storage().conversations();

    store.append(
        tenant.scope(),
        "conv_a",
        List.of(message("msg_1"), message("msg_2")),
        at(1),
        Optional.of(record));

    assertThat(found(tenant)).contains(record);
    assertThatThrownBy(
            () ->
                store.append(
                    tenant.scope(),
                    "conv_a",
                    List.of(message("msg_3")),
                    at(2),
                    Optional.of(record("msg_3"))))
        .isInstanceOf(HistoryFailure.IdempotencyKeyUsed.class);
    assertThat(tenant.itemIds(conversation)).containsExactly("msg_1", "msg_2");
    assertThat(tenant.canLink("msg_3")).isFalse();
  }

  @Test
  default void aChangeOfMetadataLeavesItsRecordAndIsMadeOnce() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_a");
    ConversationStore store = storage().conversations();
    IdempotencyRecord record = record("conv_a");

    store.replaceMetadata(tenant.scope(), "conv_a", labels("a", "1"), at(1), Optional.of(record));

    assertThat(found(tenant)).contains(record);
    assertThatThrownBy(
            () ->
                store.replaceMetadata(
                    tenant.scope(),
                    "conv_a",
                    labels("a", "2"),
                    at(2),
                    Optional.of(record("conv_a"))))
        .isInstanceOf(HistoryFailure.IdempotencyKeyUsed.class);
    assertThat(metadata(tenant)).isEqualTo(labels("a", "1"));
  }

  private Metadata metadata(SampleTenant tenant) {
    return storage().conversations().find(tenant.scope(), "conv_a").orElseThrow().metadata();
  }

  @Test
  default void feedbackLeavesItsRecordAndIsMadeOnce() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_a"));
    IdempotencyRecord record = record("fb_a");

    storage()
        .feedback()
        .add(
            tenant.scope(),
            Samples.feedback(tenant.key("fb_a"), tenant.owner(), "resp_a"),
            Optional.of(record));

    assertThat(found(tenant)).contains(record);
    assertThatThrownBy(
            () ->
                storage()
                    .feedback()
                    .add(
                        tenant.scope(),
                        Samples.feedback(tenant.key("fb_b"), tenant.owner(), "resp_a"),
                        Optional.of(record("fb_b"))))
        .isInstanceOf(HistoryFailure.IdempotencyKeyUsed.class);
    assertThat(
            storage()
                .feedback()
                .list(
                    tenant.scope(),
                    new FeedbackFilter(null, "resp_a", null, null, null, TimeRange.ALWAYS),
                    new PageRequest(10, Order.ASC, null))
                .data())
        .extracting(given -> given.key().id())
        .containsExactly("fb_a");
  }

  @Test
  default void aWriteThatIsRefusedLeavesNoRecord() {
    SampleTenant tenant = freshTenant();
    tenant.conversation("conv_a", message("msg_1"));
    ConversationStore store = storage().conversations();
    Optional<IdempotencyRecord> once = Optional.of(record("x"));

    assertThatThrownBy(
            () ->
                store.create(
                    tenant.scope(),
                    conversation(tenant, "conv_b"),
                    List.of(reference("msg_none")),
                    once))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
    assertThatThrownBy(
            () -> store.append(tenant.scope(), "conv_a", List.of(message("msg_1")), at(1), once))
        .isInstanceOf(HistoryFailure.ItemAlreadyInConversation.class);
    assertThatThrownBy(
            () -> store.append(tenant.scope(), "conv_none", List.of(message("msg_2")), at(1), once))
        .isInstanceOf(HistoryFailure.NotFound.class);
    assertThat(store.replaceMetadata(tenant.scope(), "conv_none", Metadata.NONE, at(1), once))
        .isEmpty();
    assertThatThrownBy(
            () ->
                storage()
                    .feedback()
                    .add(
                        tenant.scope(),
                        Samples.feedback(tenant.key("fb_a"), tenant.owner(), "resp_none"),
                        once))
        .isInstanceOf(HistoryFailure.NotFound.class);

    assertThat(found(tenant)).isEmpty();
    store.append(tenant.scope(), "conv_a", List.of(message("msg_2")), at(1), once);
    assertThat(found(tenant)).isEqualTo(once);
  }

  @Test
  default void ofWritesWithOneKeyAtOnceOneIsMade() throws Exception {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");

    List<Boolean> made =
        Concurrently.run(
            8,
            thread ->
                () -> {
                  String id = "msg_" + thread;
                  try {
                    storage()
                        .conversations()
                        .append(
                            tenant.scope(),
                            "conv_a",
                            List.of(message(id)),
                            at(thread),
                            Optional.of(record(id)));
                    return true;
                  } catch (HistoryFailure.IdempotencyKeyUsed other) {
                    return false;
                  }
                });

    assertThat(made).containsOnlyOnce(true);
    assertThat(found(tenant).orElseThrow().ids()).isEqualTo(tenant.itemIds(conversation));
  }

  @Test
  default void anOldRecordIsNotFoundAndItsKeyCanBeUsedAgain() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    ConversationStore store = storage().conversations();
    IdempotencyRecord old = record("msg_1");
    store.append(tenant.scope(), "conv_a", List.of(message("msg_1")), at(1), Optional.of(old));

    assertThat(
            storage()
                .idempotency()
                .find(tenant.name(), KEY, old.recordedAt().plus(1, ChronoUnit.MICROS)))
        .isEmpty();

    IdempotencyRecord again = record("msg_2");
    store.append(tenant.scope(), "conv_a", List.of(message("msg_2")), at(2), Optional.of(again));
    assertThat(found(tenant)).contains(again);
    assertThat(tenant.itemIds(conversation)).containsExactly("msg_1", "msg_2");
  }

  @Test
  default void aKeyBelongsToItsTenant() {
    SampleTenant ours = freshTenant();
    SampleTenant theirs = freshTenant();
    for (SampleTenant tenant : List.of(ours, theirs)) {
      storage()
          .conversations()
          .create(
              tenant.scope(),
              conversation(tenant, "conv_a"),
              List.of(),
              Optional.of(record("conv_a")));
    }

    assertThat(found(ours)).isPresent();
    assertThat(found(freshTenant())).isEmpty();
  }
}
