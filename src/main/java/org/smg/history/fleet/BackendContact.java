package org.smg.history.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Knows when this server's lease is to be renewed, and whether it has been in good contact with the
 * backend for so long that every other server that lives has had time to renew its own. Times are
 * those of {@link System#nanoTime}.
 */
final class BackendContact {

  /** Between the beginnings of two renewals. */
  static final Duration RENEWAL = Duration.ofSeconds(5);

  /** How long contact has to be good. */
  static final Duration STEADY = Duration.ofSeconds(15);

  /** A renewal that takes longer tells of an outage. */
  static final Duration LONGEST_CALL = Duration.ofSeconds(5);

  /** So does a longer time without one: this process, too, may have stood still. */
  static final Duration LONGEST_GAP = Duration.ofSeconds(10);

  /** Renewals that hang do not hold up the next, but the threads that they hold are bounded. */
  static final int MOST_CALLS = 3;

  private final List<Long> open = new ArrayList<>();
  private boolean begun;
  private boolean steady;
  private boolean failed;
  private long last;
  private long steadySince;
  private long renewed;

  /** Whether a renewal is due; then it counts as begun, and has to end. */
  synchronized boolean beginRenewal(long now) {
    boolean due = !begun || failed || now - last >= RENEWAL.toNanos();
    if (!due || open.size() == MOST_CALLS) {
      return false;
    }
    begun = true;
    failed = false;
    last = now;
    open.add(now);
    return true;
  }

  /**
   * @param begin of the renewal
   */
  synchronized void renewed(long begin, long now) {
    open.remove(begin);
    steady &= isShort(begin, now) && now - renewed <= LONGEST_GAP.toNanos();
    if (!steady) {
      steady = true;
      steadySince = now;
    }
    renewed = now;
  }

  /**
   * @param begin of the renewal
   */
  synchronized void failed(long begin) {
    open.remove(begin);
    lost();
  }

  /** Something else was asked of the backend in vain. */
  synchronized void lost() {
    failed = true;
    steady = false;
  }

  /** Whether servers without a lease may be taken for dead. */
  synchronized boolean isSteady(long now) {
    return steady
        && now - steadySince >= STEADY.toNanos()
        && now - renewed <= LONGEST_GAP.toNanos()
        && open.stream().allMatch(begin -> isShort(begin, now));
  }

  private static boolean isShort(long begin, long now) {
    return now - begin <= LONGEST_CALL.toNanos();
  }
}
