package org.smg.history.metrics;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/**
 * The series of a metric, by number: to look one up by its labels would cost more than to count.
 * Most combinations of labels never occur, so each is made when it does.
 */
final class Series<D> {

  private final AtomicReferenceArray<D> made;
  private final IntFunction<D> maker;

  /**
   * @param maker makes the series of a number; asked twice, it answers with the same one
   */
  Series(int size, IntFunction<D> maker) {
    this.made = new AtomicReferenceArray<>(size);
    this.maker = maker;
  }

  D at(int number) {
    D known = made.get(number);
    if (known == null) {
      known = maker.apply(number);
      made.set(number, known);
    }
    return known;
  }
}
