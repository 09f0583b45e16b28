package org.smg.history.json;

import java.util.HashMap;
import java.util.Map;

/**
 * Fills in members of one object that are absent or null. Only the members that may be filled in
 * are followed; whatever else the object has stays untouched.
 */
final class Completion {

  private final Edits edits;
  private final int open;
  private final Map<String, Span> nulls = new HashMap<>(4);
  private final StringBuilder added = new StringBuilder();

  /**
   * @param open where the object begins
   */
  Completion(Edits edits, int open) {
    this.edits = edits;
    this.open = open;
  }

  /** Notes a member that is there, but null. */
  void isNull(String name, Span value) {
    nulls.put(name, value);
  }

  /**
   * Gives a member that is absent or null a value.
   *
   * @param json the value as JSON
   */
  void fill(String name, String json) {
    Span value = nulls.get(name);
    if (value != null) {
      edits.replace(value, json);
    } else {
      added.append('"').append(name).append("\":").append(json).append(',');
    }
  }

  /** Whether a member is there, but null. */
  boolean wasNull(String name) {
    return nulls.containsKey(name);
  }

  /** Puts what was added in front of the object's first member, of which there is at least one. */
  void apply() {
    apply(true);
  }

  /**
   * @param hasMembers whether any member of the object is left
   */
  void apply(boolean hasMembers) {
    if (!added.isEmpty()) {
      edits.insert(
          open + 1, hasMembers ? added.toString() : added.substring(0, added.length() - 1));
    }
  }
}
