package org.smg.history.storage.jpa.dialect;

import java.util.List;

/**
 * A statement of those that delete something together.
 *
 * @param rows what is deleted: a table and a condition; null for a statement that deletes nothing
 * @param texts the columns whose texts count
 */
public record Deletion(Sql statement, Sql rows, List<String> texts) {

  /** One that deletes nothing. */
  public static Deletion without(Sql statement) {
    return new Deletion(statement, null, List.of());
  }

  /**
   * @param rows what follows the words {@code DELETE FROM}
   */
  static Deletion of(Sql rows, String... texts) {
    return new Deletion(Sql.of("DELETE FROM ").then(rows), rows, List.of(texts));
  }

  boolean counts() {
    return !texts.isEmpty();
  }

  /**
   * What was deleted.
   *
   * @param counts how many rows each statement changed
   * @param bytes that the texts had
   */
  public record Result(List<Integer> counts, long bytes) {}
}
