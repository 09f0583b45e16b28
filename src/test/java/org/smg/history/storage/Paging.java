package org.smg.history.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;

/**
 * A list that is read page by page.
 *
 * @param list reads a page
 * @param id names an entry, as a cursor does
 */
public record Paging<T>(Function<PageRequest, Page<T>> list, Function<T, String> id) {

  public static <T> Paging<T> of(Function<PageRequest, Page<T>> list, Function<T, String> id) {
    return new Paging<>(list, id);
  }

  /** Follows the cursors to the end of the list, as a client's library does. */
  public List<T> walk(Order order, int limit) {
    List<T> read = new ArrayList<>();
    Page<T> page = list.apply(new PageRequest(limit, order, null));
    while (true) {
      read.addAll(page.data());
      if (!page.hasMore()) {
        assertThat(page.data()).hasSizeLessThanOrEqualTo(limit);
        return read;
      }
      assertThat(page.data()).as("a page that others follow").hasSize(limit);
      page = list.apply(new PageRequest(limit, order, id.apply(read.get(read.size() - 1))));
    }
  }

  /** Pages of every size, in both orders, must tell the same. */
  public void assertEntries(List<String> expected) {
    for (int limit = 1; limit <= expected.size() + 1; limit++) {
      List<String> descending = new ArrayList<>(ids(walk(Order.DESC, limit)));
      Collections.reverse(descending);
      assertThat(ids(walk(Order.ASC, limit))).as("ascending, by %d", limit).isEqualTo(expected);
      assertThat(descending).as("descending, by %d", limit).isEqualTo(expected);
    }
  }

  public void assertCursorRefused(String after) {
    for (Order order : Order.values()) {
      assertRefused(() -> list.apply(new PageRequest(10, order, after)), "after");
    }
  }

  /** What is not found was named by this parameter, or by the path if it is null. */
  public static void assertRefused(ThrowingCallable call, String param) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            HistoryFailure.NotFound.class, refused -> assertThat(refused.param()).isEqualTo(param));
  }

  private List<String> ids(List<T> entries) {
    return entries.stream().map(id).toList();
  }
}
