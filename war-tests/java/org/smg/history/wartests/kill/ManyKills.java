package org.smg.history.wartests.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The large kill test, which is a command: see CONTRIBUTING.md. */
class ManyKills {

  private static final int KILLS = Integer.getInteger("kill.kills", 200);
  private static final int OF_SERVERS = KILLS / 4;
  private static final int EACH_ROUND = 10;

  private static void kill(Installation installation, String backend) throws Exception {
    KillLedger ledger = new KillLedger(Path.of("target", "kills-" + backend + ".txt"));
    while (ledger.kills() < KILLS) {
      long seed = ThreadLocalRandom.current().nextLong();
      ledger.add(seed, KillRound.run(installation, seed, EACH_ROUND));
      System.out.println(ledger.total());
    }
    assertThat(ledger.killsOfServers()).isGreaterThanOrEqualTo(OF_SERVERS);
  }

  @Test
  void postgres() throws Exception {
    try (Installation installation = Installation.onPostgres("kills-postgres")) {
      kill(installation, "postgres");
    }
  }

  @Test
  void redis() throws Exception {
    try (Installation installation = Installation.onRedis("kills-redis")) {
      kill(installation, "redis");
    }
  }
}
