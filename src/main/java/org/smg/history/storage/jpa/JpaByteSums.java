package org.smg.history.storage.jpa;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.Rows;
import org.smg.history.storage.jpa.dialect.Sql;

/**
 * Sums in the table {@code stored_bytes}. Each server adds to the rows of a slot that it drew at
 * its start. Two that have drawn the same one only wait for each other, in the background.
 */
final class JpaByteSums implements ByteSums {

  /** Few enough to be summed up at once, and enough that few servers meet. */
  private static final int SLOTS = 16;

  /** The sums over all slots, by the name of the API key or the mark for the whole tenant. */
  private static final String SUMS =
      "SELECT api_key, SUM(bytes) FROM stored_bytes WHERE tenant = ? GROUP BY api_key";

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
    Map<String, Long> sums = new HashMap<>();
    return database.execute(
        tenant,
        connection -> {
          Rows.read(
              connection, Sql.of(SUMS, tenant), row -> sums.put(row.getString(1), row.getLong(2)));
          return sums;
        });
  }
}
