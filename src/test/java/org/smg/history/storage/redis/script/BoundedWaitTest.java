package org.smg.history.storage.redis.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BoundedWaitTest {

  @Test
  void pausesGrowAndEndAfterTheLimit() {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    long begun = clock.get();

    List<Long> pauses = pauses(clock);

    assertThat(pauses.get(0))
        .isBetween(BoundedWait.SHORTEST_PAUSE.toNanos() / 2, BoundedWait.SHORTEST_PAUSE.toNanos());
    assertThat(pauses)
        .allSatisfy(
            pause -> assertThat(pause).isLessThanOrEqualTo(BoundedWait.LONGEST_PAUSE.toNanos()))
        .anySatisfy(
            pause -> assertThat(pause).isGreaterThan(BoundedWait.LONGEST_PAUSE.toNanos() / 2));
    assertThat(clock.get() - begun)
        .isBetween(
            BoundedWait.LIMIT.toNanos(),
            BoundedWait.LIMIT.plus(BoundedWait.LONGEST_PAUSE).toNanos());
  }

  @Test
  void twoWaitsDoNotPauseAlike() {
    assertThat(pauses(new AtomicLong())).isNotEqualTo(pauses(new AtomicLong()));
  }

  @Test
  void anInterruptedThreadDoesNotPause() {
    List<Long> pauses = new ArrayList<>();
    BoundedWait wait = new BoundedWait(() -> 0, pauses::add);
    Thread.currentThread().interrupt();
    try {
      assertThat(wait.pause()).isFalse();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(pauses).isEmpty();
  }

  /** The pauses of one wait, in nanoseconds, by a clock that moves with them alone. */
  private static List<Long> pauses(AtomicLong clock) {
    List<Long> pauses = new ArrayList<>();
    BoundedWait wait =
        new BoundedWait(
            clock::get,
            nanos -> {
              pauses.add(nanos);
              clock.addAndGet(nanos);
            });
    while (wait.pause()) {
      assertThat(pauses).hasSizeLessThan(10_000);
    }
    return pauses;
  }
}
