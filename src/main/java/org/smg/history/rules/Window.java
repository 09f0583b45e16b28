package org.smg.history.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;

/**
 * Which part of a list a client asks for, in either direction. A page before a cursor is the page
 * after it in the reversed list, turned round, so that backends know one direction only.
 *
 * @param limit how many entries at most
 * @param order the direction of the list
 * @param after the id of the entry behind which the page begins, or null
 * @param before the id of the entry in front of which the page ends, or null
 */
public record Window(int limit, Order order, String after, String before) {

  public Window {
    if (after != null && before != null) {
      throw new HistoryFailure.Invalid(
          null,
          "mutually_exclusive_parameters",
          "Mutually exclusive parameters: give one of 'after' and 'before'.");
    }
  }

  /**
   * Reads the page.
   *
   * @return in the order asked for; has more in the direction in which it was read
   */
  <T> Page<T> read(Function<PageRequest, Page<T>> store) {
    if (before == null) {
      return store.apply(new PageRequest(limit, order, after));
    }
    try {
      Page<T> read = store.apply(new PageRequest(limit, order.reversed(), before));
      List<T> turned = new ArrayList<>(read.data());
      Collections.reverse(turned);
      return new Page<>(turned, read.hasMore());
    } catch (HistoryFailure.NotFound cursor) {
      throw cursor.namedBy("before");
    }
  }
}
