package org.smg.history.json;

import java.util.List;

/**
 * The items of an array as they were sent.
 *
 * @param path where the array stands in the body
 * @param drafts the items, in order; where there are more of them than the caller wanted, only the
 *     first ones
 * @param count how many the array has in all
 */
public record ItemDrafts(String path, List<ItemDraft> drafts, int count) {

  public ItemDrafts {
    drafts = List.copyOf(drafts);
  }

  /** No items, as where the member is absent. */
  public static ItemDrafts none(String path) {
    return new ItemDrafts(path, List.of(), 0);
  }
}
