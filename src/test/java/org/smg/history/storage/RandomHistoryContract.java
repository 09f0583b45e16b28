package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations must answer what the obvious implementation answers. */
public interface RandomHistoryContract extends StorageUnderTest {

  int STEPS = 400;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 22, 333})
  default void aRandomHistoryIsThatOfTheModel(long seed) {
    RandomHistory history = new RandomHistory(freshTenant(), seed);

    for (int step = 1; step <= STEPS; step++) {
      String operation = history.next();
      if (step % 25 == 0 || step == STEPS) {
        history.assertSame("seed %d, step %d: %s".formatted(seed, step, operation));
      }
    }

    assertThat(history.refused()).as("operations refused").isBetween(STEPS / 20, STEPS / 2);
  }
}
