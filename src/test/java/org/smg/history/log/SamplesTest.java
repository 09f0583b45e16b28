package org.smg.history.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SamplesTest {

  /** As a server's clock can be: below zero, and about to overflow. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(30).toNanos());

  private final Samples samples = new Samples(now::get);

  @Test
  void theFirstOfEachKindIsWritten() {
    assertThat(samples.take("401")).hasValue(0);
    assertThat(samples.take("403")).hasValue(0);
    assertThat(samples.take("401")).isEmpty();
    assertThat(samples.take("403")).isEmpty();
  }

  @Test
  void thenOneAMinuteSaysHowManyWereLeftOut() {
    samples.take("401");
    for (int i = 0; i < 1000; i++) {
      assertThat(samples.take("401")).isEmpty();
    }
    now.addAndGet(Samples.PAUSE.toNanos() - 1);
    assertThat(samples.take("401")).isEmpty();
    now.addAndGet(1);

    assertThat(samples.take("401")).hasValue(1001);
    assertThat(samples.take("401")).isEmpty();
    now.addAndGet(Samples.PAUSE.toNanos());
    assertThat(samples.take("401")).hasValue(1);
  }

  @Test
  void afterAQuietTimeNothingWasLeftOut() {
    samples.take("401");
    now.addAndGet(10 * Samples.PAUSE.toNanos());

    assertThat(samples.take("401")).hasValue(0);
  }
}
