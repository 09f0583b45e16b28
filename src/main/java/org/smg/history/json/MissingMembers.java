package org.smg.history.json;

import java.util.HashMap;
import java.util.Map;

/**
 * Knows which members of one object are there but null, so that a member that is absent or null can
 * be given a value. Whatever else the object has stays untouched.
 */
public final class MissingMembers {

  private final int open;
  private final Map<String, Span> nulls = new HashMap<>(4);

  /**
   * @param open where the object begins
   */
  public MissingMembers(int open) {
    this.open = open;
  }

  /** Notes a member that is there, but null. */
  public void isNull(String name, Span value) {
    nulls.put(name, value);
  }

  /**
   * Fills in members of an object that has at least one member.
   *
   * @param values JSON values by the names of members that are absent or null, in the order in
   *     which absent ones are to stand
   */
  public void fill(Edits edits, Map<String, String> values) {
    fill(edits, values, true);
  }

  /**
   * @param hasMembers whether any member of the object is left after other edits
   */
  public void fill(Edits edits, Map<String, String> values, boolean hasMembers) {
    StringBuilder added = new StringBuilder();
    values.forEach(
        (name, json) -> {
          Span present = nulls.get(name);
          if (present != null) {
            edits.replace(present, json);
          } else {
            added.append(added.isEmpty() ? "\"" : ",\"").append(name).append("\":").append(json);
          }
        });
    if (!added.isEmpty()) {
      edits.insert(open + 1, added + (hasMembers ? "," : ""));
    }
  }
}
