package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;
import static org.smg.history.storage.Samples.reference;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.ResponseStatus;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.Removed;
import org.smg.history.storage.ResponseListContract;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.RetentionStore.Step;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.StorageUnderTest;
import org.smg.history.storage.TurnBuilder;

/** What runs leave in the tables. */
interface RunRowsContract extends StorageUnderTest {

  CountedBytes counted();

  SettableHorizon horizon();

  private static TurnBuilder prompt(SampleTenant tenant, String id) {
    return tenant.turn(id).status(ResponseStatus.IN_PROGRESS).fingerprint("begun");
  }

  private RunStore.Prompt begin(SampleTenant tenant, TurnBuilder run) {
    return storage()
        .runs()
        .begin(
            tenant.scope(),
            new RunStore.Run(run.response(), run.build().input(), "server", token(run)),
            1 << 20,
            Optional.empty());
  }

  private static String token(TurnBuilder run) {
    return "token of " + run.response().key();
  }

  private void finish(SampleTenant tenant, TurnBuilder run, Item... output) {
    run.status(ResponseStatus.COMPLETED).fingerprint("finished").output(output);
    storage().runs().finish(tenant.scope(), token(run), run.build(), at(1_000));
  }

  @Test
  default void theBytesOfARunAreCountedAndGoWithIt() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv");
    TurnBuilder run =
        prompt(tenant, "resp")
            .in(conversation)
            .metadata(labels("a", "1"))
            .input(message("in", "漢".repeat(2_000)));
    begin(tenant, run);
    assertThat(counted().of(tenant)).isGreaterThan(2_000);
    finish(tenant, run, message("out", "x".repeat(4_000)));
    assertThat(counted().of(tenant)).isGreaterThan(2 * 2_000 + 2 * 4_000);
    begin(tenant, prompt(tenant, "running").in(conversation).user("gone").input(message("on")));

    ResponseFilter gone = ResponseListContract.FilterBuilder.of(tenant).user("gone").build();
    assertThat(storage().responses().delete(tenant.scope(), gone, 10))
        .isEqualTo(new Removed(1, false));
    storage().responses().delete(tenant.scope(), "resp");
    storage().conversations().delete(tenant.scope(), "conv");

    assertThat(counted().of(tenant)).isZero();
  }

  @Test
  default void aFinishInADeletedConversationCountsItsResponseAlone() {
    SampleTenant tenant = freshTenant();
    TurnBuilder run = prompt(tenant, "resp").in(tenant.conversation("conv")).input(message("in"));
    begin(tenant, run);
    storage().conversations().delete(tenant.scope(), "conv");
    finish(tenant, run, message("out"));

    storage().responses().delete(tenant.scope(), "resp");

    assertThat(counted().of(tenant)).isZero();
  }

  @Test
  default void aPurgeLeavesARunAndItsConversation() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv", message("before"));
    tenant.conversation("conv_due", message("due"));
    TurnBuilder run = prompt(tenant, "resp").in(conversation).input(message("in"));
    begin(tenant, run);
    tenant.record(tenant.turn("resp_due"));
    horizon().set(at(500), at(500));

    assertThat(purge(tenant)).isEqualTo(new Counts(1, 1, 1, 0));
    assertThat(storage().runs().abandoned(10_000))
        .extracting(RunStore.Abandoned::prompt)
        .contains(run.response());
    finish(tenant, run, message("out"));

    assertThat(tenant.itemIds(conversation)).containsExactly("before", "in", "out");
    assertThat(purge(tenant)).isEqualTo(new Counts(0, 0, 1, 0));
  }

  private Counts purge(SampleTenant tenant) {
    Counts removed = Counts.NONE;
    Step step;
    do {
      step = storage().retention().purge(tenant.name(), Instant.EPOCH);
      removed = removed.plus(step.removed());
    } while (step.more());
    return removed;
  }

  /** The older content counts where two are stored under one id. */
  @Test
  default void whatAReferenceStoodForKeepsItsAge() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv");
    Key first = tenant.conversation("conv_first", message("twice", "older"));
    TurnBuilder run = prompt(tenant, "resp").in(conversation).recorded(9).input(reference("twice"));
    RunStore.Prompt prompt = begin(tenant, run);
    storage()
        .conversations()
        .append(
            tenant.scope(),
            tenant.conversation("conv_later").id(),
            List.of(message("twice", "newer")),
            at(5));

    finish(tenant, run.input(prompt.input().get(0)), message("out"));
    storage().conversations().delete(tenant.scope(), first.id());
    storage().responses().delete(tenant.scope(), "resp");

    assertThat(
            storage().runs().read(tenant.scope(), null, List.of(reference("twice")), 1_000).input())
        .containsExactly(message("twice", "older"));
  }
}
