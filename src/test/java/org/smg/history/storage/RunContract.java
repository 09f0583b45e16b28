package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smg.history.storage.Paging.assertRefused;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.messages;
import static org.smg.history.storage.Samples.reference;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.RunStore.Prompt;

/** A response that is still being made: its begin, what is seen of it, and its end. */
public interface RunContract extends StorageUnderTest {

  long MOST_BYTES = 1 << 20;

  private RunStore runs() {
    return storage().runs();
  }

  private static TurnBuilder prompt(SampleTenant tenant, String id) {
    return tenant
        .turn(id)
        .status(ResponseStatus.IN_PROGRESS)
        .fingerprint("run " + id)
        .json(
            JsonText.of("{\"id\":\"%s\",\"status\":\"in_progress\",\"output\":[]}".formatted(id)));
  }

  private static RunStore.Run run(TurnBuilder prompt) {
    return new RunStore.Run(
        prompt.response(), prompt.build().input(), "server", "token of " + prompt.response().key());
  }

  private Prompt begin(SampleTenant tenant, TurnBuilder prompt) {
    return runs().begin(tenant.scope(), run(prompt), MOST_BYTES, Optional.empty());
  }

  private StoredResponse finish(SampleTenant tenant, TurnBuilder turn) {
    return runs().finish(tenant.scope(), run(turn).token(), turn.build(), at(2));
  }

  private Optional<StoredResponse> found(SampleTenant tenant, String id) {
    return storage().responses().find(tenant.scope(), id);
  }

  private static void assertLocked(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(HistoryFailure.ConversationLocked.class);
  }

  private static void assertEnded(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(HistoryFailure.RunEnded.class);
  }

  private static void assertTaken(ThrowingCallable call, String itemId) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HistoryFailure.ItemAlreadyInConversation.class,
            refused -> assertThat(refused.itemId()).isEqualTo(itemId));
  }

  private void assertFree(SampleTenant tenant, Key conversation) {
    TurnBuilder next = prompt(tenant, "resp_next").in(conversation).input(message("next"));
    begin(tenant, next);
    finish(tenant, next.status(ResponseStatus.FAILED).fingerprint("failed"));
  }

  @Test
  default void aPromptIsStoredAndItsContextIsRead() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 150));
    tenant.conversation("conv_b", message("elsewhere", "There"));
    TurnBuilder prompt =
        prompt(tenant, "resp_a")
            .in(conversation)
            .metadata(Samples.labels("a", "b"))
            .input(message("in"), reference("elsewhere"));

    Prompt read = begin(tenant, prompt);

    assertThat(read.context()).containsExactly(messages("msg_", 150));
    assertThat(read.input()).containsExactly(message("in"), message("elsewhere", "There"));
    assertThat(found(tenant, "resp_a")).contains(prompt.response());
    assertThat(tenant.input("resp_a")).isEqualTo(read.input());
    assertThat(
            storage()
                .responses()
                .list(
                    tenant.scope(),
                    new ResponseFilter(
                        null,
                        ResponseStatus.IN_PROGRESS,
                        null,
                        null,
                        null,
                        Samples.labels("a", "b"),
                        TimeRange.ALWAYS),
                    new PageRequest(10, Order.ASC, null)))
        .isEqualTo(new Page<>(List.of(prompt.response()), false));
    assertThat(tenant.items(conversation)).containsExactly(messages("msg_", 150));
  }

  @Test
  default void aRunOutsideConversationsHasNoContextAndAppendsNothing() {
    SampleTenant tenant = freshTenant();
    TurnBuilder run = prompt(tenant, "resp_a").after("resp_before").input(message("in"));

    assertThat(begin(tenant, run)).isEqualTo(new Prompt(List.of(), List.of(message("in"))));

    TurnBuilder turn = finished(run).output(message("out"));
    assertThat(finish(tenant, turn)).isEqualTo(turn.response());
    assertThat(found(tenant, "resp_a")).contains(turn.response());
    assertThat(List.of("in", "out")).allMatch(tenant::canLink);
  }

  private static TurnBuilder finished(TurnBuilder run) {
    return run.status(ResponseStatus.COMPLETED)
        .model("model-of-the-answer")
        .fingerprint("finished")
        .json(null);
  }

  @ParameterizedTest
  @EnumSource(names = {"COMPLETED", "INCOMPLETE"})
  default void aFinishedRunAppendsAndFreesItsConversation(ResponseStatus status) {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    TurnBuilder run =
        prompt(tenant, "resp_a").in(conversation).input(message("in_2"), message("in_1"));
    begin(tenant, run);

    TurnBuilder turn = finished(run).status(status).output(message("out_2"), message("out_1"));
    assertThat(finish(tenant, turn)).isEqualTo(turn.response());

    assertThat(found(tenant, "resp_a")).contains(turn.response());
    assertThat(tenant.input("resp_a")).containsExactly(message("in_2"), message("in_1"));
    assertThat(tenant.itemIds(conversation))
        .containsExactly("before", "in_2", "in_1", "out_2", "out_1");
    assertThat(storage().conversations().find(tenant.scope(), "conv_a").orElseThrow().updatedAt())
        .isEqualTo(at(2));
    assertFree(tenant, conversation);
  }

  @ParameterizedTest
  @EnumSource(names = {"FAILED", "CANCELLED"})
  default void aRunThatFailedAppendsNothingAndFreesItsConversation(ResponseStatus status) {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(message("in"));
    begin(tenant, run);

    TurnBuilder turn = finished(run).status(status).output(message("out"));
    finish(tenant, turn);

    assertThat(found(tenant, "resp_a")).contains(turn.response());
    assertThat(tenant.items(conversation)).containsExactly(message("before"));
    assertThat(tenant.input("resp_a")).containsExactly(message("in"));
    assertThat(List.of("in", "out")).allMatch(tenant::canLink);
    assertFree(tenant, conversation);
  }

  @Test
  default void whatAReferenceStoodForIsAppended() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    Key elsewhere = tenant.conversation("conv_b", message("elsewhere", "There"));
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(reference("elsewhere"));
    Prompt prompt = begin(tenant, run);
    storage().conversations().delete(tenant.scope(), elsewhere.id());

    finish(tenant, finished(run).input(prompt.input().get(0)).output(message("out")));

    assertThat(tenant.items(conversation))
        .containsExactly(message("elsewhere", "There"), message("out"));
  }

  @Test
  default void aConversationHasOneRun() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    begin(tenant, prompt(tenant, "resp_a").in(conversation).input(message("in")));

    assertLocked(
        () -> begin(tenant, prompt(tenant, "resp_b").in(conversation).input(message("other"))));

    assertThat(found(tenant, "resp_b")).isEmpty();
    begin(tenant, prompt(tenant, "resp_c").in(tenant.conversation("conv_b")));
  }

  @Test
  default void theSameRunBeginsOnce() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(message("in"));
    Prompt first = begin(tenant, run);

    assertThat(begin(tenant, run)).isEqualTo(first);

    assertThat(tenant.input("resp_a")).containsExactly(message("in"));
    finish(tenant, finished(run).output(message("out")));
    assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out");
  }

  @Test
  default void anotherRunUnderItsIdIsRefused() {
    SampleTenant tenant = freshTenant();
    begin(tenant, prompt(tenant, "resp_a").input(message("in")));
    tenant.record(tenant.turn("resp_b"));

    for (String id : List.of("resp_a", "resp_b")) {
      assertThatThrownBy(
              () ->
                  runs()
                      .begin(
                          tenant.scope(),
                          new RunStore.Run(
                              prompt(tenant, id).response(), List.of(), "server", "another"),
                          MOST_BYTES,
                          Optional.empty()))
          .isInstanceOf(HistoryFailure.ResponseAlreadyRecorded.class);
    }
  }

  @Test
  default void theSameEndAgainChangesNothing() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(message("in"));
    begin(tenant, run);
    TurnBuilder turn = finished(run).output(message("out"));
    finish(tenant, turn);
    tenant.append(conversation, message("after"));

    assertThat(finish(tenant, turn)).isEqualTo(turn.response());

    assertThat(tenant.itemIds(conversation)).containsExactly("in", "out", "after");
  }

  @Test
  default void onlyWhoHasTheTokenEndsARunAndOnlyOnce() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(message("in"));
    begin(tenant, run);
    TurnBuilder turn = finished(run).output(message("out"));

    assertEnded(() -> runs().finish(tenant.scope(), "another token", turn.build(), at(2)));
    assertThat(found(tenant, "resp_a").orElseThrow().status())
        .isEqualTo(ResponseStatus.IN_PROGRESS);

    StoredResponse failed =
        finish(tenant, finished(run).status(ResponseStatus.FAILED).fingerprint("failed").output());
    assertEnded(() -> finish(tenant, finished(run).fingerprint("late").output(message("out"))));
    assertThat(found(tenant, "resp_a")).contains(failed);
    assertThat(tenant.items(conversation)).isEmpty();
  }

  @Test
  default void whatWasNeverBegunCannotBeFinished() {
    SampleTenant tenant = freshTenant();
    tenant.record(tenant.turn("resp_b"));

    assertEnded(() -> finish(tenant, tenant.turn("resp_a").fingerprint("finished")));
    assertEnded(() -> finish(tenant, tenant.turn("resp_b").fingerprint("finished")));
    assertThat(found(tenant, "resp_a")).isEmpty();
  }

  @Test
  default void whatIsPostedMeanwhileStandsBeforeTheRunningTurn() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(message("in"));
    begin(tenant, run);

    tenant.append(conversation, message("posted"));
    tenant.record(
        tenant.turn("resp_b").in(conversation).input(message("put")).output(message("answer")));
    finish(tenant, finished(run).output(message("out")));

    assertThat(tenant.itemIds(conversation))
        .containsExactly("before", "posted", "put", "answer", "in", "out");
  }

  @Test
  default void theIdsOfARunsInputAreTaken() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder run =
        prompt(tenant, "resp_a").in(conversation).input(message("in_1"), message("in_2"));
    begin(tenant, run);

    assertTaken(() -> tenant.append(conversation, message("x"), message("in_2")), "in_2");
    assertTaken(() -> tenant.append(conversation, Samples.reused("in_1", "Other")), "in_1");
    assertTaken(
        () ->
            tenant.record(
                tenant.turn("resp_b").in(conversation).input(message("y"), message("in_1"))),
        "in_1");
    assertTaken(
        () -> tenant.record(tenant.turn("resp_b").in(conversation).output(message("in_2"))),
        "in_2");

    assertThat(tenant.items(conversation)).isEmpty();
    assertThat(found(tenant, "resp_b")).isEmpty();
    finish(tenant, finished(run).status(ResponseStatus.FAILED));
    tenant.append(conversation, message("in_1"), message("in_2"));
  }

  @Test
  default void aRunIsNotDeletedButByAFilter() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).user("gone").input(message("in"));
    begin(tenant, run);

    assertThatThrownBy(() -> storage().responses().delete(tenant.scope(), "resp_a"))
        .isInstanceOf(HistoryFailure.ResponseInProgress.class);
    assertThat(found(tenant, "resp_a")).isPresent();

    assertThat(
            storage()
                .responses()
                .delete(
                    tenant.scope(),
                    new ResponseFilter(
                        null, null, null, null, "gone", Metadata.NONE, TimeRange.ALWAYS),
                    10))
        .isEqualTo(new Removed(1, false));
    assertThat(found(tenant, "resp_a")).isEmpty();
    assertEnded(() -> finish(tenant, finished(run).output(message("out"))));
    assertThat(found(tenant, "resp_a")).isEmpty();
    assertThat(tenant.items(conversation)).isEmpty();
    assertFree(tenant, conversation);
  }

  @Test
  default void aRunWhoseConversationIsDeletedIsRecordedAndAppendedNowhere() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(message("in"));
    begin(tenant, run);
    storage().conversations().delete(tenant.scope(), "conv_a");

    TurnBuilder turn = finished(run).output(message("out"));
    assertThat(finish(tenant, turn)).isEqualTo(turn.response());

    assertThat(found(tenant, "resp_a")).contains(turn.response());
    assertThat(storage().conversations().find(tenant.scope(), "conv_a")).isEmpty();
    assertThat(tenant.input("resp_a")).containsExactly(message("in"));
    assertThat(List.of("in", "out")).allMatch(tenant::canLink);
  }

  @Test
  default void aTurnCannotBeRecordedUnderTheIdOfARun() {
    SampleTenant tenant = freshTenant();
    TurnBuilder run = prompt(tenant, "resp_a").input(message("in"));
    begin(tenant, run);

    assertThatThrownBy(() -> tenant.record(tenant.turn("resp_a").output(message("out"))))
        .isInstanceOf(HistoryFailure.ResponseAlreadyRecorded.class);

    assertThat(found(tenant, "resp_a")).contains(run.response());
  }

  @Test
  default void anInputThatTheConversationHasIsRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));

    assertTaken(
        () -> begin(tenant, prompt(tenant, "resp_a").in(conversation).input(message("msg_2"))),
        "msg_2");
    assertTaken(
        () -> begin(tenant, prompt(tenant, "resp_a").in(conversation).input(reference("msg_3"))),
        "msg_3");
    assertTaken(
        () ->
            begin(
                tenant,
                prompt(tenant, "resp_a")
                    .in(conversation)
                    .input(message("twice", "1"), message("twice", "2"))),
        "twice");

    assertNotBegun(tenant, conversation);
  }

  private void assertNotBegun(SampleTenant tenant, Key conversation) {
    assertThat(found(tenant, "resp_a")).isEmpty();
    assertFree(tenant, conversation);
  }

  @Test
  default void anUnknownReferenceOrConversationIsRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");

    assertThatThrownBy(
            () ->
                begin(
                    tenant,
                    prompt(tenant, "resp_a")
                        .in(conversation)
                        .input(message("in"), reference("nowhere"))))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
    assertRefused(
        () -> begin(tenant, prompt(tenant, "resp_a").in(tenant.key("conv_nowhere"))), null);

    assertNotBegun(tenant, conversation);
    assertThat(tenant.canLink("in")).isFalse();
  }

  @Test
  default void aContextThatIsTooLongIsRefused() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before", "x".repeat(600)));
    TurnBuilder prompt =
        prompt(tenant, "resp_a").in(conversation).input(message("in", "x".repeat(600)));
    long length =
        message("before", "x".repeat(600)).json().length()
            + message("in", "x".repeat(600)).json().length();

    for (long most : List.of(100L, 1000L, length - 1)) {
      assertThatThrownBy(() -> runs().begin(tenant.scope(), run(prompt), most, Optional.empty()))
          .isInstanceOf(HistoryFailure.ContextTooLong.class);
    }

    assertNotBegun(tenant, conversation);
    runs().begin(tenant.scope(), run(prompt), length, Optional.empty());
  }

  @Test
  default void aPromptIsReadWithoutBeginningARun() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", messages("msg_", 3));
    tenant.conversation("conv_b", message("elsewhere", "There"));
    RunStore store = runs();

    for (int times = 0; times < 2; times++) {
      assertThat(
              store.read(
                  tenant.scope(),
                  "conv_a",
                  List.of(message("in"), reference("elsewhere")),
                  MOST_BYTES))
          .isEqualTo(
              new Prompt(
                  List.of(messages("msg_", 3)),
                  List.of(message("in"), message("elsewhere", "There"))));
      if (times == 0) {
        begin(tenant, prompt(tenant, "resp_a").in(conversation).input(message("running")));
      }
    }
    assertThat(store.read(tenant.scope(), null, List.of(message("in")), MOST_BYTES))
        .isEqualTo(new Prompt(List.of(), List.of(message("in"))));
    assertThat(tenant.canLink("in")).isFalse();

    assertTaken(
        () -> store.read(tenant.scope(), "conv_a", List.of(message("msg_1")), MOST_BYTES), "msg_1");
    assertThatThrownBy(
            () -> store.read(tenant.scope(), null, List.of(reference("nowhere")), MOST_BYTES))
        .isInstanceOf(HistoryFailure.UnknownReference.class);
    assertRefused(() -> store.read(tenant.scope(), "conv_nowhere", List.of(), MOST_BYTES), null);
    assertThatThrownBy(() -> store.read(tenant.scope(), "conv_a", List.of(), 100))
        .isInstanceOf(HistoryFailure.ContextTooLong.class);
  }

  @Test
  default void aContextIsExact() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    List<Item> odd = new ArrayList<>();
    for (String json :
        List.of(
            "{\"id\":\"odd_1\",\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"a\\u0000b\"}",
            "{ \"type\" : \"never.seen\", \"z\":1E2, \"a\":-0.0, \"id\":\"odd_2\", \"\":null }",
            "{\"id\":\"odd_3\",\"type\":\"message\",\"content\":\"\\ud83d\"}")) {
      odd.add(new Item("odd_" + (odd.size() + 1), "any", JsonText.of(json)));
    }
    tenant.append(conversation, odd.toArray(Item[]::new));

    assertThat(begin(tenant, prompt(tenant, "resp_a").in(conversation)).context())
        .extracting(Item::json)
        .isEqualTo(odd.stream().map(Item::json).toList());
  }

  @Test
  default void aBeginLeavesTheRecordOfItsKey() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(message("in"));
    IdempotencyRecord record = record("resp_a");

    runs().begin(tenant.scope(), run(run), MOST_BYTES, Optional.of(record));

    assertThat(known(tenant)).contains(record);
    assertThatThrownBy(
            () ->
                runs()
                    .begin(
                        tenant.scope(),
                        run(prompt(tenant, "resp_b").input(message("in"))),
                        MOST_BYTES,
                        Optional.of(record("resp_b"))))
        .isInstanceOf(HistoryFailure.IdempotencyKeyUsed.class);
    assertThat(found(tenant, "resp_b")).isEmpty();
  }

  @Test
  default void aBeginThatIsRefusedLeavesNoRecord() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    begin(tenant, prompt(tenant, "resp_a").in(conversation));

    assertLocked(
        () ->
            runs()
                .begin(
                    tenant.scope(),
                    run(prompt(tenant, "resp_b").in(conversation)),
                    MOST_BYTES,
                    Optional.of(record("resp_b"))));

    assertThat(known(tenant)).isEmpty();
  }

  @Test
  default void aKeyIsForgottenOnlyWithItsRecord() {
    SampleTenant tenant = freshTenant();
    IdempotencyRecord record = record("resp_a");
    runs()
        .begin(
            tenant.scope(),
            run(prompt(tenant, "resp_a").input(message("in"))),
            MOST_BYTES,
            Optional.of(record));

    storage().idempotency().forget(tenant.name(), record("resp_b"));
    assertThat(known(tenant)).contains(record);
    storage().idempotency().forget(freshTenant().name(), record);
    assertThat(known(tenant)).contains(record);

    storage().idempotency().forget(tenant.name(), record);
    assertThat(known(tenant)).isEmpty();
    storage().idempotency().forget(tenant.name(), record);
    runs()
        .begin(
            tenant.scope(),
            run(prompt(tenant, "resp_b").input(message("in"))),
            MOST_BYTES,
            Optional.of(record("resp_b")));
    assertThat(known(tenant)).contains(record("resp_b"));
  }

  private static IdempotencyRecord record(String id) {
    return new IdempotencyRecord(
        IdempotencyContract.KEY,
        IdempotencyContract.REQUEST,
        "user",
        200,
        List.of(id),
        Instant.now().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS));
  }

  private Optional<IdempotencyRecord> known(SampleTenant tenant) {
    return storage().idempotency().find(tenant.name(), IdempotencyContract.KEY, Instant.EPOCH);
  }

  @Test
  default void aChainIsReadWithItsInputs() {
    SampleTenant tenant = freshTenant();
    TurnBuilder first = tenant.turn("resp_1").input(messages("a_", 3)).output(message("x"));
    TurnBuilder second = tenant.turn("resp_2").after("resp_1").output(message("y"));
    TurnBuilder third =
        tenant.turn("resp_3").after("resp_2").input(message("b", "z".repeat(70_000)));
    List.of(first, second, third).forEach(tenant::record);
    List<RunStore.PastTurn> turns =
        List.of(
            new RunStore.PastTurn(first.response(), List.of(messages("a_", 3))),
            new RunStore.PastTurn(second.response(), List.of()),
            new RunStore.PastTurn(third.response(), List.of(message("b", "z".repeat(70_000)))));

    assertThat(runs().chain(tenant.scope(), "resp_3", 10)).isEqualTo(new Page<>(turns, false));
    assertThat(runs().chain(tenant.scope(), "resp_3", 2))
        .isEqualTo(new Page<>(turns.subList(1, 3), true));
    assertRefused(() -> runs().chain(tenant.scope(), "resp_4", 10), null);
  }

  @Test
  default void runsOfOthersAreNotFound() {
    SampleTenant tenant = freshTenant().as("user");
    Key conversation = tenant.conversation("conv_a", message("msg_a"));
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(message("in"));
    begin(tenant, run);

    for (SampleTenant other : List.of(tenant.as("other"), freshTenant())) {
      assertRefused(() -> begin(other, prompt(other, "resp_b").in(other.key("conv_a"))), null);
      assertRefused(() -> runs().read(other.scope(), "conv_a", List.of(), MOST_BYTES), null);
      assertRefused(() -> runs().chain(other.scope(), "resp_a", 1), null);
      assertThatThrownBy(() -> begin(other, prompt(other, "resp_b").input(reference("msg_a"))))
          .isInstanceOf(HistoryFailure.UnknownReference.class);
      assertThat(storage().responses().delete(other.scope(), "resp_a")).isFalse();
    }
    SampleTenant stranger = freshTenant();
    assertEnded(
        () ->
            runs()
                .finish(
                    stranger.scope(),
                    run(run).token(),
                    finished(prompt(stranger, "resp_a")).build(),
                    at(2)));
    assertThat(found(tenant, "resp_a"))
        .contains(
            run.status(ResponseStatus.IN_PROGRESS)
                .model("model")
                .fingerprint("run resp_a")
                .json(JsonText.of("{\"id\":\"resp_a\",\"status\":\"in_progress\",\"output\":[]}"))
                .response());
  }

  @Test
  default void ofRunsAtOnceOneGetsTheConversation() throws Exception {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a", message("before"));

    List<HistoryFailure> refused =
        Concurrently.run(
            8,
            thread ->
                Concurrently.attempt(
                    () ->
                        begin(
                            tenant,
                            prompt(tenant, "resp_" + thread)
                                .in(conversation)
                                .input(message("in_" + thread)))));

    assertThat(refused.stream().filter(Objects::isNull)).hasSize(1);
    assertThat(refused.stream().filter(Objects::nonNull))
        .allMatch(HistoryFailure.ConversationLocked.class::isInstance);
  }

  @Test
  default void aContextHoldsWholeBatchesAndATurnIsNotTorn() throws Exception {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    TurnBuilder run = prompt(tenant, "resp_a").in(conversation).input(messages("in_", 3));
    List<List<Item>> contexts = new ArrayList<>();
    List<Callable<Object>> steps = new ArrayList<>();
    for (int writer = 0; writer < 4; writer++) {
      String prefix = "msg_" + writer + "_";
      steps.add(
          () -> {
            for (int batch = 0; batch < 5; batch++) {
              tenant.append(conversation, messages(prefix + batch + "_", 3));
            }
            return null;
          });
    }
    steps.add(
        () -> {
          contexts.add(begin(tenant, run).context());
          finish(tenant, finished(run).output(messages("out_", 3)));
          return null;
        });

    Concurrently.run(steps);

    List<String> stored = tenant.itemIds(conversation);
    assertThat(contexts.get(0).size() % 3).isZero();
    assertThat(stored.subList(0, contexts.get(0).size()))
        .isEqualTo(contexts.get(0).stream().map(Item::id).toList());
    assertThat(stored).hasSize(66);
    int own = stored.indexOf("in_1");
    assertThat(stored.subList(own, own + 6))
        .containsExactly("in_1", "in_2", "in_3", "out_1", "out_2", "out_3");
  }
}
