package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.at;
import static org.smg.history.storage.Samples.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.RunStore.Abandoned;

/** Leases of servers, and runs of those that have none; of backends that several servers share. */
public interface LeaseContract extends StorageUnderTest {

  Duration LONG = Duration.ofMinutes(5);

  private RunStore runs() {
    return storage().runs();
  }

  /** A server's name that no other test uses. */
  private static String server(SampleTenant tenant) {
    return "server of " + tenant.name();
  }

  private StoredResponse begin(SampleTenant tenant, String id, String server) {
    return begin(tenant, tenant.turn(id), server);
  }

  private StoredResponse begin(SampleTenant tenant, TurnBuilder turn, String server) {
    StoredResponse prompt =
        turn.status(ResponseStatus.IN_PROGRESS)
            .fingerprint("run")
            .json(JsonText.of("{\"status\":\"in_progress\",\"output\":[]}"))
            .response();
    runs()
        .begin(
            tenant.scope(),
            new RunStore.Run(
                prompt, List.of(message("in", "x".repeat(3_000))), server, token(prompt)),
            1 << 20,
            Optional.empty());
    return prompt;
  }

  private static String token(StoredResponse prompt) {
    return "token of " + prompt.key();
  }

  /** The abandoned runs of these tenants alone: others may be at work in the same backend. */
  private List<Abandoned> abandoned(SampleTenant... tenants) {
    List<String> names = Stream.of(tenants).map(SampleTenant::name).toList();
    return runs().abandoned(1_000).stream()
        .filter(run -> names.contains(run.prompt().key().tenant()))
        .toList();
  }

  private void finish(SampleTenant tenant, Abandoned run) {
    StoredResponse prompt = run.prompt();
    TurnBuilder turn =
        tenant.turn(prompt.key().id()).status(ResponseStatus.FAILED).fingerprint("failed");
    if (prompt.conversationId() != null) {
      turn.in(tenant.key(prompt.conversationId()));
    }
    runs().finish(tenant.scope(), run.token(), turn.build(), at(2));
  }

  @Test
  default void runsOfAServerWithoutALeaseAreFoundInEveryTenant() {
    SampleTenant tenant = freshTenant();
    SampleTenant other = freshTenant();
    StoredResponse one = begin(tenant, "resp_a", server(tenant));
    StoredResponse two = begin(other, "resp_a", server(tenant));

    assertThat(abandoned(tenant, other))
        .containsExactlyInAnyOrder(new Abandoned(one, token(one)), new Abandoned(two, token(two)));
    assertThat(runs().abandoned(1)).hasSize(1);
  }

  @Test
  default void aLeaseProtectsTheRunsOfItsServerUntilItEnds() {
    SampleTenant tenant = freshTenant();
    String server = server(tenant);
    StoredResponse run = begin(tenant, "resp_a", server);

    runs().lease(server, LONG);
    assertThat(abandoned(tenant)).isEmpty();

    runs().lease(server, Duration.ofMillis(300));
    Instant deadline = Instant.now().plus(LONG);
    while (abandoned(tenant).isEmpty() && Instant.now().isBefore(deadline)) {
      Thread.onSpinWait();
    }
    assertThat(abandoned(tenant)).containsExactly(new Abandoned(run, token(run)));

    runs().lease(server, LONG);
    assertThat(abandoned(tenant)).isEmpty();
  }

  @Test
  default void aServerThatGivesItsLeaseUpAbandonsItsRuns() {
    SampleTenant tenant = freshTenant();
    String server = server(tenant);
    runs().lease(server, LONG);
    StoredResponse run = begin(tenant, "resp_a", server);
    runs().lease("another " + server, LONG);
    begin(tenant, "resp_b", "another " + server);

    runs().release(server);
    runs().release("unknown " + server);

    assertThat(abandoned(tenant)).containsExactly(new Abandoned(run, token(run)));
  }

  @Test
  default void aRunThatHasEndedIsNotAbandoned() {
    SampleTenant tenant = freshTenant();
    Key conversation = tenant.conversation("conv_a");
    begin(tenant, tenant.turn("resp_a").in(conversation), server(tenant));
    begin(tenant, "resp_b", server(tenant));

    for (Abandoned run : abandoned(tenant)) {
      finish(tenant, run);
    }

    assertThat(abandoned(tenant)).isEmpty();
    assertThat(storage().responses().find(tenant.scope(), "resp_b"))
        .hasValueSatisfying(found -> assertThat(found.status()).isEqualTo(ResponseStatus.FAILED));
    begin(tenant, tenant.turn("resp_c").in(conversation), server(tenant));
  }
}
