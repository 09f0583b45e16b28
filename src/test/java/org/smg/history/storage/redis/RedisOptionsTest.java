package org.smg.history.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.storage.redis.options.RedisOptions;
import org.smg.history.storage.redis.script.RedisUrl;

class RedisOptionsTest {

  private static final String URL = "redis://:s3cret@localhost";

  @Test
  void everyOptionButTheUrlHasADefault() {
    assertThat(TestRedis.options(URL)).isEqualTo(new RedisOptions(RedisUrl.of(URL), "history", 16));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-2", "30d", "1.5", "36501", "\uff11", "99999999999"})
  void aRetentionThatIsNoneIsRefused(String days) {
    assertThatThrownBy(() -> TestRedis.options(URL, "redis-retention-days", days))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage(
            "redis-retention-days: '%s' is neither a whole number of days from 1 to 36500 nor -1 for"
                + " ever",
            days);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "many", "10001"})
  void aPoolSizeThatIsNoneIsRefused(String size) {
    assertThatThrownBy(() -> TestRedis.options(URL, "redis-pool-max-size", size))
        .isInstanceOf(InvalidOptions.class)
        .hasMessage("redis-pool-max-size: '%s' is not a whole number from 1 to 10000", size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a{b}", "a b", "a*"})
  void aKeyPrefixThatCouldMoveKeysIsRefused(String prefix) {
    assertThatThrownBy(() -> TestRedis.options(URL, "redis-key-prefix", prefix))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining("redis-key-prefix: '" + prefix + "' is not a prefix");
  }

  @Test
  void allFaultsAreToldAtOnceAndNoneOfThemHoldsTheUrl() {
    assertThatThrownBy(
            () ->
                TestRedis.options(
                    "redis://:s3cret@",
                    "redis-pool-max-size",
                    "0",
                    "redis-key-prefix",
                    "{}",
                    "redis-retention-days",
                    "0"))
        .isInstanceOfSatisfying(
            InvalidOptions.class,
            invalid ->
                assertThat(invalid.getMessage().lines())
                    .extracting(line -> line.substring(0, line.indexOf(':')))
                    .containsExactly(
                        "redis-url",
                        "redis-key-prefix",
                        "redis-pool-max-size",
                        "redis-retention-days"))
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void theUrlHasToBeSet() {
    assertThatThrownBy(() -> TestRedis.options(""))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageStartingWith("redis-url: is missing; allowed are redis://");
  }
}
