package org.smg.history.wartests.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.smg.history.wartests.OnLiberty;

/** A few kills, which is what a build has time for; {@link ManyKills} are many. */
@OnLiberty
class KillIT {

  private static final int KILLS = 3;

  private static void assertNothingIsLost(Installation installation) throws Exception {
    KillRound.Outcome outcome =
        KillRound.run(installation, ThreadLocalRandom.current().nextLong(), KILLS);

    assertThat(outcome.turns()).isGreaterThan(KILLS);
  }

  @Test
  void postgres() throws Exception {
    try (Installation installation = Installation.onPostgres("kill-postgres")) {
      assertNothingIsLost(installation);
    }
  }

  @Test
  void redis() throws Exception {
    try (Installation installation = Installation.onRedis("kill-redis")) {
      assertNothingIsLost(installation);
    }
  }
}
