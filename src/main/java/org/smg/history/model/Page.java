package org.smg.history.model;

import java.util.List;

/**
 * A part of a list.
 *
 * @param data the entries in the order asked for
 * @param hasMore whether at least one further entry follows the last of these
 */
public record Page<T>(List<T> data, boolean hasMore) {

  public Page {
    data = List.copyOf(data);
  }

  public static <T> Page<T> empty() {
    return new Page<>(List.of(), false);
  }

  /** Makes a page of entries of which one more than the limit was fetched, if there was one. */
  public static <T> Page<T> ofFetched(List<T> fetched, int limit) {
    boolean hasMore = fetched.size() > limit;
    return new Page<>(hasMore ? fetched.subList(0, limit) : fetched, hasMore);
  }
}
