package org.smg.history.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

  private static final long SECOND = 1_000_000_000L;

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MAX_VALUE - SECOND, Long.MIN_VALUE})
  void asManyAsAMinuteAllowsMayComeAtOnceAndComeBackEvenly(long now) {
    RateLimit limit = new RateLimit(60, now);

    for (int remaining = 59; remaining >= 0; remaining--) {
      assertThat(limit.take(now))
          .isEqualTo(new Allowance(true, 60, remaining, (60 - remaining) * SECOND, 0));
    }
    assertThat(limit.take(now)).isEqualTo(new Allowance(false, 60, 0, 60 * SECOND, SECOND));
    assertThat(limit.take(now + SECOND - 1).retryNanos()).isEqualTo(1);
    assertThat(limit.take(now + SECOND).allowed()).isTrue();
    assertThat(limit.take(now + SECOND).allowed()).isFalse();
    assertThat(limit.isFull(now + 60 * SECOND)).isFalse();
    assertThat(limit.isFull(now + 61 * SECOND)).isTrue();
  }

  @Test
  void whatIsRefusedIsNotCounted() {
    RateLimit limit = new RateLimit(1, 0);
    limit.take(0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(limit.take(i).allowed()).isFalse();
    }

    assertThat(limit.take(60 * SECOND).allowed()).isTrue();
  }

  @Test
  void aLongPauseAllowsNoMoreThanAMinute() {
    RateLimit limit = new RateLimit(10, 0);

    assertThat(allowed(limit, 1_000 * 60 * SECOND, 50)).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 60, 999, 9_999_999})
  void anyLimitAllowsItsNumberOfRequests(int perMinute) {
    RateLimit limit = new RateLimit(perMinute, 0);

    assertThat(allowed(limit, 0, perMinute + 10)).isEqualTo(perMinute);
  }

  @Test
  void threadsTogetherGetNoMoreThanOne() throws Exception {
    RateLimit limit = new RateLimit(5_000, 0);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Long>> counts =
          IntStream.range(0, 8)
              .mapToObj(i -> threads.submit(() -> allowed(limit, 0, 5_000)))
              .toList();
      long sum = 0;
      for (Future<Long> count : counts) {
        sum += count.get();
      }
      assertThat(sum).isEqualTo(5_000);
    } finally {
      threads.shutdownNow();
    }
  }

  private static long allowed(RateLimit limit, long now, int requests) {
    return IntStream.range(0, requests).filter(i -> limit.take(now).allowed()).count();
  }
}
