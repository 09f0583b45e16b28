package org.smg.history.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.Options;

class RequestLimitsTest {

  private static final long MINUTE = 60_000_000_000L;

  private final AtomicLong clock = new AtomicLong();

  @Test
  void tenantsDoNotTakeFromEachOther() {
    RequestLimits limits = new RequestLimits(1, clock::get);

    assertThat(limits.takeOfTenant("noisy")).map(Allowance::allowed).contains(true);
    assertThat(limits.takeOfTenant("noisy")).map(Allowance::allowed).contains(false);
    assertThat(limits.takeOfTenant("quiet")).map(Allowance::allowed).contains(true);
  }

  @Test
  void withoutALimitNothingIsCounted() {
    assertThat(new RequestLimits(0, clock::get).takeOfTenant("acme")).isEmpty();
  }

  @Test
  void aKeyIsNoTenant() {
    RequestLimits limits = new RequestLimits(1, clock::get);
    limits.takeOfTenant("acme");

    assertThat(limits.takeOfKey("acme", 1).allowed()).isTrue();
  }

  @Test
  void anotherLimitOfAKeyCountsAtOnce() {
    RequestLimits limits = new RequestLimits(0, clock::get);
    limits.takeOfKey("k", 1);
    assertThat(limits.takeOfKey("k", 1).allowed()).isFalse();

    assertThat(limits.takeOfKey("k", 2).remaining()).isEqualTo(1);
  }

  @Test
  void atMostTenThousandNamesAreRememberedAndTheRestSharesOneLimit() {
    RateLimits limits = new RateLimits(0);
    for (int i = 0; i < RateLimits.MAX_NAMES + 100; i++) {
      assertThat(limits.take("t" + i, 100, 1).allowed()).isTrue();
    }
    assertThat(limits.size()).isEqualTo(RateLimits.MAX_NAMES);
    assertThat(limits.take("another", 100, 1).allowed()).isFalse();
    assertThat(limits.take("t0", 100, 1).remaining()).isEqualTo(98);

    assertThat(limits.take("another", 100, 2 * MINUTE).allowed()).isTrue();
    assertThat(limits.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "many", "10000000", "1.5"})
  void aLimitThatIsNoneIsRefused(String value) {
    Map<String, String> set = Map.of("history-limit-requests-per-minute", value);
    Options options = new Options(name -> Optional.ofNullable(set.get(name)));
    options.get(RequestLimits.PER_MINUTE);

    assertThatThrownBy(options::check)
        .hasMessage(
            "history-limit-requests-per-minute: '%s' is not a whole number from 0 to 9999999",
            value);
  }
}
