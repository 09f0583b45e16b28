package org.smg.history.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class IdsTest {

  private final HistoryClock clock = new HistoryClock();
  private final Ids ids = new Ids(clock);

  @Test
  void idsHavePrefixTimeAndChance() {
    assertThat(ids.conversation(clock.now())).matches("conv_[0-9a-f]{32}");
    assertThat(ids.feedback(clock.now())).matches("fb_[0-9a-f]{32}");
    assertThat(ids.item("message")).matches("msg_[0-9a-f]{32}");
  }

  @Test
  void idsAscend() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.item("message"));
    }

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void idsOfOneInstantDifferInTheirChance() {
    Instant instant = clock.now();

    String one = ids.conversation(instant);
    String other = ids.conversation(instant);

    assertThat(one.substring(0, 18)).isEqualTo(other.substring(0, 18));
    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void theClockNeverTellsTheSameTimeTwice() throws Exception {
    Clock stopped = Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);
    HistoryClock shared = new HistoryClock(stopped);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<List<Instant>>> runs = new ArrayList<>();
    Callable<List<Instant>> run =
        () -> {
          List<Instant> told = new ArrayList<>();
          for (int i = 0; i < 1_000; i++) {
            told.add(shared.now());
          }
          return told;
        };
    for (int i = 0; i < 4; i++) {
      runs.add(threads.submit(run));
    }
    List<Instant> all = new ArrayList<>();
    for (Future<List<Instant>> told : runs) {
      assertThat(told.get()).isSorted();
      all.addAll(told.get());
    }
    threads.shutdown();

    assertThat(new HashSet<>(all)).hasSize(4_000);
  }
}
