package org.smg.history.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.config.InvalidOptions;
import org.smg.history.config.Option;
import org.smg.history.config.Options;
import org.smg.history.storage.RetentionDefault;

class RetentionTest {

  private static final String DAYS = "history-retention-days";
  private static final String RESPONSE_DAYS = "history-response-retention-days";

  /** A backend with an option of its own. */
  private static final RetentionDefault OWN =
      new RetentionDefault() {
        @Override
        public Option<Optional<Integer>> option() {
          return Option.optionalDays("own-retention-days");
        }

        @Override
        public int days() {
          return 30;
        }
      };

  private static Options options(Map<String, String> set) {
    return new Options(name -> Optional.ofNullable(set.get(name)));
  }

  private static Retention read(Map<String, String> set, RetentionDefault ofBackend) {
    Options options = options(set);
    Retention retention = Retention.read(options, Optional.ofNullable(ofBackend));
    options.check();
    return retention;
  }

  @Test
  void historyIsKeptForEverUnlessAnOptionSaysOtherwise() {
    Retention retention = read(Map.of(), null);

    assertThat(retention.conversations()).isEqualTo(Long.MIN_VALUE);
    assertThat(retention.responses()).isEqualTo(Long.MIN_VALUE);
    assertThat(retention.conversationDays()).isEmpty();
    assertThat(retention.describe())
        .isEqualTo(
            "Conversations are kept for ever after their last update, responses for ever after"
                + " they were recorded");
  }

  @Test
  void responsesAreKeptAsLongAsConversationsUnlessTheirOptionSaysOtherwise() {
    assertThat(read(Map.of(DAYS, "7"), null).responseDays()).contains(7);
    Retention longer = read(Map.of(DAYS, "7", RESPONSE_DAYS, "-1"), null);
    assertThat(longer.conversationDays()).contains(7);
    assertThat(longer.responseDays()).isEmpty();
    assertThat(read(Map.of(RESPONSE_DAYS, "1"), null).conversationDays()).isEmpty();
  }

  @Test
  void aBackendsOwnOptionCountsWhereTheOneForAllIsNotSet() {
    assertThat(read(Map.of(), OWN).conversationDays()).contains(30);
    assertThat(read(Map.of("own-retention-days", "9"), OWN).responseDays()).contains(9);
    assertThat(read(Map.of(DAYS, "-1"), OWN).conversationDays()).isEmpty();
    assertThat(read(Map.of(DAYS, "9", "own-retention-days", "9"), OWN).conversationDays())
        .contains(9);
    assertThatThrownBy(() -> read(Map.of(DAYS, "8", "own-retention-days", "9"), OWN))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining(
            "history-retention-days: '8' differs from own-retention-days, which is 9; set one of"
                + " them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-2", "36501", "1.5", "seven", ""})
  void daysAreWholeAndWithinLimits(String days) {
    for (String option : new String[] {DAYS, RESPONSE_DAYS}) {
      assertThatThrownBy(() -> read(Map.of(option, days), null))
          .isInstanceOf(InvalidOptions.class)
          .hasMessageContaining(
              option
                  + ": '"
                  + days
                  + "' is neither a whole number of days from 1 to 36500 nor -1 for ever");
    }
  }

  @Test
  void theHorizonIsSoManyDaysAgoByTheClock() {
    Instant now = Instant.parse("2026-11-28T12:00:00.123456Z");
    Retention retention = new Retention(2, 1, Clock.fixed(now, ZoneOffset.UTC));
    long micros = now.getEpochSecond() * 1_000_000 + 123_456;

    assertThat(retention.conversations()).isEqualTo(micros - 2 * 86_400_000_000L);
    assertThat(retention.responses()).isEqualTo(micros - 86_400_000_000L);
  }
}
