package org.smg.history.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came out of one measurement.
 *
 * @param perSecond requests answered in a second
 * @param p50Millis the time that half of the requests took at most
 * @param p99Millis the time that 99 of 100 requests took at most
 */
record Figures(double perSecond, double p50Millis, double p99Millis) {

  /** The median of every figure by itself. */
  static Figures median(List<Figures> rounds) {
    return new Figures(
        median(rounds, Figures::perSecond),
        median(rounds, Figures::p50Millis),
        median(rounds, Figures::p99Millis));
  }

  private static double median(List<Figures> rounds, ToDoubleFunction<Figures> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
