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
public record Measurement(double perSecond, double p50Millis, double p99Millis) {

  /** The median of every figure by itself. */
  public static Measurement median(List<Measurement> rounds) {
    return new Measurement(
        median(rounds, Measurement::perSecond),
        median(rounds, Measurement::p50Millis),
        median(rounds, Measurement::p99Millis));
  }

  private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
