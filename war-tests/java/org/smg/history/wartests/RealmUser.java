package org.smg.history.wartests;

import java.util.List;

/**
 * A user of a server's own realm.
 *
 * @param groups of which some have the names of roles
 */
record RealmUser(String name, List<String> groups) {

  /** That of all of them. */
  static final String PASSWORD = "open-Sesame-4711";

  RealmUser(String name, String... groups) {
    this(name, List.of(groups));
  }
}
