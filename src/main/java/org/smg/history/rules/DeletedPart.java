package org.smg.history.rules;

import org.smg.history.storage.Removed;

/**
 * What one request deleted of all that meets its filter.
 *
 * @param deleted how many objects
 * @param hasMore whether there was more than one request deletes
 */
public record DeletedPart(int deleted, boolean hasMore) {

  static DeletedPart of(Removed removed) {
    return new DeletedPart(removed.count(), removed.more());
  }
}
