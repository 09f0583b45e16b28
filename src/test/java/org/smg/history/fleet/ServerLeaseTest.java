package org.smg.history.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smg.history.config.Options;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.RunStore.Run;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.TurnBuilder;
import org.smg.history.storage.memory.MemoryStorage;

class ServerLeaseTest {

  private static final String RUNNING = "{\"id\":\"r\",\"status\":\"in_progress\",\"error\":null}";

  private final MemoryStorage storage =
      new MemoryStorage(new Options(name -> Optional.empty()), ByteMeter.NONE, Horizon.NONE);
  private final SampleTenant tenant = SampleTenant.fresh(storage);
  private long nanos;
  private final LeasedRuns runs = new LeasedRuns(storage.runs(), () -> nanos);
  private final ServerLease one = lease("one");
  private final ServerLease two = lease("two");

  private final List<String> lines = new ArrayList<>();
  private final Logger log = Logger.getLogger(ServerLease.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          lines.add(entry.getMessage());
        }

        @Override
        public void flush() {
          // Nothing is kept back.
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };

  private ServerLease lease(String server) {
    return new ServerLease(true, runs, server, () -> nanos, new EventLog(LogFormat.TEXT));
  }

  @BeforeEach
  void listen() {
    log.addHandler(handler);
  }

  @AfterEach
  void ignore() {
    log.removeHandler(handler);
  }

  private void pass(int seconds, ServerLease... living) {
    for (int i = 0; i < seconds; i++) {
      for (ServerLease server : living) {
        server.tick(Runnable::run);
      }
      nanos += TimeUnit.SECONDS.toNanos(1);
    }
  }

  private void begin(TurnBuilder turn, String server) {
    StoredResponse prompt =
        turn.status(ResponseStatus.IN_PROGRESS)
            .fingerprint("run")
            .json(JsonText.of(RUNNING))
            .response();
    String id = prompt.key().id();
    runs.begin(
        tenant.scope(),
        new Run(prompt, List.of(message("in " + id)), server, "token of " + id),
        1 << 20,
        Optional.empty());
  }

  private StoredResponse response(String id) {
    return storage.responses().find(tenant.scope(), id).orElseThrow();
  }

  @Test
  void runsOfAServerThatIsGoneFailWithinThirtySeconds() {
    Key conversation = tenant.conversation("conv_a");
    pass(60, one, two);
    begin(tenant.turn("resp_a").in(conversation), "two");

    pass(14, one);
    assertThat(response("resp_a").status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    pass(15, one);

    StoredResponse failed = response("resp_a");
    assertThat(failed.status()).isEqualTo(ResponseStatus.FAILED);
    assertThat(failed.json())
        .hasToString(
            "{\"id\":\"r\",\"status\":\"failed\",\"error\":{\"code\":\"server_lost\",\"message\":"
                + "\"The server that made this response stopped before the answer was complete.\"}}");
    assertThat(lines)
        .containsExactly(
            "A run of a server that is gone was ended as failed"
                + " (tenant=%s response_id=resp_a conversation_id=conv_a)"
                    .formatted(tenant.name()));
    begin(tenant.turn("resp_b").in(conversation), "one");
  }

  @Test
  void runsOfServersThatLiveGoOn() {
    pass(5, one, two);
    begin(tenant.turn("resp_a"), "two");

    pass(600, one, two);

    assertThat(response("resp_a").status()).isEqualTo(ResponseStatus.IN_PROGRESS);
  }

  @Test
  void aServerThatStartsEndsWhatAllHadLeft() {
    begin(tenant.turn("resp_a"), "gone");

    pass(16, one);

    assertThat(response("resp_a").status()).isEqualTo(ResponseStatus.FAILED);
  }

  @Test
  void afterAnOutageServersThatLiveGetToRenewFirst() {
    pass(60, one, two);
    begin(tenant.turn("resp_a"), "two");
    runs.breakDown();
    pass(60, one, two);

    runs.repair();
    pass(14, one);
    pass(60, one, two);

    assertThat(response("resp_a").status()).isEqualTo(ResponseStatus.IN_PROGRESS);
  }

  @Test
  void anOutageIsNotLoggedByLeases() {
    pass(20, one);
    runs.breakDown();

    pass(60, one);

    assertThat(lines).isEmpty();
  }

  @Test
  void aRunThatCannotBeEndedDoesNotHoldUpOthers() {
    begin(tenant.turn("resp_a"), "gone");
    begin(tenant.turn("resp_b"), "gone");
    runs.refuse("resp_a", new IllegalStateException("damaged"));

    pass(16, one);

    assertThat(response("resp_a").status()).isEqualTo(ResponseStatus.IN_PROGRESS);
    assertThat(response("resp_b").status()).isEqualTo(ResponseStatus.FAILED);
    assertThat(lines).hasSize(2).first().asString().contains("were not ended", "resp_a");
  }

  @Test
  void aRunThatHasEndedMeanwhileIsNotToldOf() {
    begin(tenant.turn("resp_a"), "gone");
    runs.refuse("resp_a", new HistoryFailure.RunEnded("resp_a"));

    pass(16, one);

    assertThat(lines).isEmpty();
  }

  @Test
  void thereCanBeMoreThanOneLookFinds() {
    int number = ServerLease.BATCH + 1;
    for (int i = 0; i < number; i++) {
      begin(tenant.turn("resp_" + i), "gone");
    }

    pass(16, one);

    for (int i = 0; i < number; i++) {
      assertThat(response("resp_" + i).status()).isEqualTo(ResponseStatus.FAILED);
    }
  }

  @Test
  void whatNoOtherServerUsesNeedsNoLease() {
    new ServerLease(false, runs, "one", () -> nanos, new EventLog(LogFormat.TEXT)).begin();

    assertThat(runs.isLeased("one")).isFalse();
  }
}
