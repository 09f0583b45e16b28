package org.smg.history.storage.jpa;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.dialect.StoredByteRows;

/**
 * Sums in the table {@code stored_bytes}. Each server adds to the rows of a slot that it drew at
 * its start. Two that have drawn the same one only wait for each other, in the background.
 */
final class JpaByteSums implements ByteSums {

  /** Few enough to be summed up at once, and enough that few servers meet. */
  private static final int SLOTS = 16;

  private final Database database;
  private final Dialect dialect;
  private final int slot = ThreadLocalRandom.current().nextInt(SLOTS);

  JpaByteSums(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  @Override
  public void add(String tenant, Map<String, Long> changes) {
    // In one order everywhere, so that servers of one slot cannot wait for each other in a circle.
    List<Sql> statements =
        new TreeMap<>(changes)
            .entrySet().stream()
                .map(change -> dialect.addBytes(tenant, change.getKey(), slot, change.getValue()))
                .toList();
    database.execute(tenant, connection -> dialect.run(connection, statements));
  }

  @Override
  public Map<String, Long> sums(String tenant) {
    return database.execute(tenant, connection -> StoredByteRows.sums(connection, tenant));
  }
}
