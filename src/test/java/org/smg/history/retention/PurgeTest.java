package org.smg.history.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.message;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smg.history.config.Options;
import org.smg.history.log.EventLog;
import org.smg.history.log.LogFormat;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.memory.MemoryStorage;

class PurgeTest {

  private static final Duration DAY = Duration.ofDays(1);

  private final TestClock clock = new TestClock();
  private final Retention retention = new Retention(10, 10, clock);
  private final MemoryStorage storage =
      new MemoryStorage(new Options(name -> Optional.empty()), ByteMeter.NONE, retention);
  private final List<PurgeResult> results = new ArrayList<>();
  private final Purge purge =
      new Purge(
          retention,
          storage,
          List.of(results::add),
          Duration.ofSeconds(60),
          new EventLog(LogFormat.TEXT));
  private final List<String> lines = new ArrayList<>();
  private final Logger log = Logger.getLogger(Purge.class.getName());
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          lines.add(record.getMessage());
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

  /** A clock that the test sets. */
  private static final class TestClock extends Clock {

    private volatile Instant now = Samples.at(0);

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void listen() {
    log.addHandler(handler);
  }

  @AfterEach
  void ignore() {
    log.removeHandler(handler);
  }

  @Test
  void allTenantsArePurgedAndObserversAreTold() {
    SampleTenant first = SampleTenant.fresh(storage);
    SampleTenant second = SampleTenant.fresh(storage);
    for (int i = 0; i < 250; i++) {
      first.conversation("conv_" + i, message("msg"));
    }
    second.record(second.turn("resp").input(message("in")));
    second.feedback("fb", "resp");
    clock.now = Samples.at(0).plus(DAY.multipliedBy(12));

    RetentionReports reports = new RetentionReports(retention, storage);
    RetentionReport before = reports.of(first.name());
    assertThat(before.moreDue()).isTrue();
    assertThat(before.conversations().oldest()).contains(Samples.at(0));
    assertThat(before.lastPurge()).isEmpty();

    PurgeResult result = purge.run().orElseThrow();

    assertThat(result.removed()).isEqualTo(new Counts(250, 250, 1, 1));
    assertThat(result.lag()).isZero();
    assertThat(result.complete()).isTrue();
    assertThat(results).containsExactly(result);
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith(
            "What was due has been removed (conversations=250 items=250 responses=1 feedback=1")
        .endsWith("more_due=false)");
    assertThat(reports.of(first.name()))
        .isEqualTo(
            new RetentionReport(
                new RetentionReport.Kind(Optional.of(10), Optional.empty()),
                new RetentionReport.Kind(Optional.of(10), Optional.empty()),
                Optional.of(new RetentionReport.LastPurge(clock.now, 250, 250, 0, 0)),
                false));
  }

  @Test
  void nothingIsLoggedWhereNothingWasDue() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    tenant.conversation("conv", message("msg"));
    clock.now = Samples.at(0).plus(DAY.multipliedBy(10));

    assertThat(purge.run().orElseThrow().removed()).isEqualTo(Counts.NONE);

    assertThat(lines).isEmpty();
    assertThat(results).hasSize(1);
    assertThat(tenant.itemIds(tenant.key("conv"))).containsExactly("msg");
  }

  @Test
  void aPurgeThatIsStoppedSaysThatMoreIsDue() {
    SampleTenant tenant = SampleTenant.fresh(storage);
    tenant.conversation("conv", message("msg"));
    clock.now = Samples.at(0).plus(DAY.multipliedBy(12));
    purge.end(new Object());

    PurgeResult result = purge.run().orElseThrow();

    assertThat(result.removed()).isEqualTo(Counts.NONE);
    assertThat(result.complete()).isFalse();
    assertThat(storage.retention().state(tenant.name()).oldestConversation()).isNotNull();
  }
}
