package org.smg.history.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * How often and for how long is measured. With {@code -Dbench.quick=true} everything runs once and
 * for a second, which shows that a benchmark works and says nothing else.
 */
record MeasurementPlan(int rounds, Duration each) {

  private static final boolean QUICK = Boolean.getBoolean("bench.quick");

  static MeasurementPlan of(int rounds, Duration each) {
    return QUICK
        ? new MeasurementPlan(1, Duration.ofSeconds(1))
        : new MeasurementPlan(rounds, each);
  }

  /** Measures in turns, so that the machine's ups and downs meet all. */
  void measure(List<Comparison> comparisons) throws IOException, InterruptedException {
    measure(comparisons, () -> {});
  }

  /**
   * @param before runs before each measurement
   */
  void measure(List<Comparison> comparisons, Runnable before)
      throws IOException, InterruptedException {
    for (int i = 0; i < rounds; i++) {
      for (Comparison comparison : comparisons) {
        before.run();
        comparison.round(each);
      }
    }
  }

  @Override
  public String toString() {
    return "%d rounds of %d s".formatted(rounds, each.toSeconds());
  }
}
