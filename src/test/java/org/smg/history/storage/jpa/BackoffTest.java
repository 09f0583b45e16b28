package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final List<Duration> pauses = new ArrayList<>();
  private long now = 7;

  private void sleep(Duration pause) {
    pauses.add(pause);
    now += pause.toNanos();
  }

  @Test
  void pausesDoubleUpToALimitAndEndAfterTwoSeconds() {
    Backoff backoff = new Backoff(() -> now, this::sleep, bound -> bound);

    while (backoff.pause()) {
      assertThat(now).isLessThanOrEqualTo(7 + Duration.ofSeconds(2).toNanos());
    }

    assertThat(pauses)
        .map(Duration::toMillis)
        .startsWith(5L, 10L, 20L, 40L, 80L, 160L, 200L, 200L)
        .hasSize(14);
  }

  @Test
  void everyPauseIsRandomFromZeroOn() {
    List<Long> bounds = new ArrayList<>();
    Backoff backoff =
        new Backoff(
            () -> now,
            this::sleep,
            bound -> {
              bounds.add(Duration.ofNanos(bound).toMillis());
              return bound / 5;
            });

    assertThat(backoff.pause()).isTrue();
    assertThat(backoff.pause()).isTrue();
    assertThat(backoff.pause()).isTrue();

    assertThat(bounds).containsExactly(5L, 10L, 20L);
    assertThat(pauses).map(Duration::toMillis).containsExactly(1L, 2L, 4L);
  }

  /** A deadlock is only found after a second, so an attempt may take longer than all pauses. */
  @Test
  void theTimeCountsFromTheFirstFailure() {
    Backoff backoff = new Backoff(() -> now, this::sleep, bound -> bound);
    now += Duration.ofSeconds(10).toNanos();

    assertThat(backoff.pause()).isTrue();

    now += Duration.ofSeconds(2).toNanos();
    assertThat(backoff.pause()).isFalse();
  }

  @Test
  void anInterruptionEndsTheAttempts() {
    Backoff backoff =
        new Backoff(
            () -> now,
            pause -> {
              throw new InterruptedException();
            },
            bound -> bound);

    assertThat(backoff.pause()).isFalse();

    assertThat(Thread.interrupted()).isTrue();
  }
}
