package org.smg.history.bench;

/** A histogram of times whose buckets are 0.4 % wide. */
public final class Latencies {

  private static final int BUCKETS_PER_OCTAVE_BITS = 8;
  private static final int BUCKETS_PER_OCTAVE = 1 << BUCKETS_PER_OCTAVE_BITS;

  private final long[] counts = new long[Long.SIZE * BUCKETS_PER_OCTAVE];
  private long count;

  public void add(long nanos) {
    counts[bucket(nanos)]++;
    count++;
  }

  public void add(Latencies other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
  }

  public long count() {
    return count;
  }

  /** The time that the given part of all requests took at most. */
  public double millis(double part) {
    long below = 0;
    int bucket = 0;
    while (bucket < counts.length - 1 && below + counts[bucket] < part * count) {
      below += counts[bucket++];
    }
    return upperBound(bucket) / 1e6;
  }

  private static int bucket(long nanos) {
    long time = Math.max(nanos, BUCKETS_PER_OCTAVE);
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(time) - BUCKETS_PER_OCTAVE_BITS;
    return shift * BUCKETS_PER_OCTAVE + (int) (time >>> shift);
  }

  private static double upperBound(int bucket) {
    int shift = Math.max(0, bucket / BUCKETS_PER_OCTAVE - 1);
    return Math.scalb(bucket - shift * BUCKETS_PER_OCTAVE + 1.0, shift);
  }
}
