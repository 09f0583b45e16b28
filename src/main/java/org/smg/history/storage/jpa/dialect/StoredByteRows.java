package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Reads the table {@code stored_bytes}, in the SQL that all databases share. */
public final class StoredByteRows {

  private static final String SUMS =
      "SELECT api_key, SUM(bytes) FROM stored_bytes WHERE tenant = ? GROUP BY api_key";

  private StoredByteRows() {}

  /** The sums over all slots, by the name of the API key or the mark for the whole tenant. */
  public static Map<String, Long> sums(Connection connection, String tenant) throws SQLException {
    Map<String, Long> sums = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(SUMS)) {
      query.setString(1, tenant);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          sums.put(rows.getString(1), rows.getLong(2));
        }
      }
    }
    return sums;
  }
}
