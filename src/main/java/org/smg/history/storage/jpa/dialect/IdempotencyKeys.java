package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.jpa.rows.EpochMicros;

/** Statements about idempotency keys, in the SQL that all databases share. */
public final class IdempotencyKeys {

  /** How many old records a look-up removes at most. */
  private static final int PURGED = 20;

  private static final String INSERT =
      """
      INSERT INTO idempotency_keys
        (tenant, key_hash, owner, request_hash, status, recorded_at, ids)
      """;

  private static final String FIND =
      """
      SELECT owner, request_hash, status, recorded_at, ids FROM idempotency_keys
      WHERE tenant = ? AND key_hash = ?""";

  /** Ids contain no control characters. */
  private static final String LINE = "\n";

  private IdempotencyKeys() {}

  public static Sql insert(String tenant, IdempotencyRecord record) {
    return Sql.of(INSERT + "VALUES (?, ?, ?, ?, ?, ?, ?)", values(tenant, record));
  }

  /** The same for each row of a source, which has one or none. */
  static Sql insertFrom(String source, String tenant, IdempotencyRecord record) {
    return Sql.of(INSERT + "SELECT ?, ?, ?, ?, ?, ?, ? FROM " + source, values(tenant, record));
  }

  private static Object[] values(String tenant, IdempotencyRecord record) {
    return new Object[] {
      tenant,
      record.keyHash(),
      Sql.text(record.owner()),
      record.requestHash(),
      record.status(),
      EpochMicros.of(record.recordedAt()),
      String.join(LINE, record.ids())
    };
  }

  public static Optional<IdempotencyRecord> find(
      Connection connection, String tenant, String keyHash) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(FIND)) {
      Sql.of(FIND, tenant, keyHash).bind(query);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(
                new IdempotencyRecord(
                    keyHash,
                    row.getString(2),
                    row.getString(1),
                    row.getInt(3),
                    List.of(row.getString(5).split(LINE)),
                    EpochMicros.toInstant(row.getLong(4))))
            : Optional.empty();
      }
    }
  }

  /** Removes the oldest records from before a time, a few of them. */
  public static Sql purge(Instant before) {
    return purge(before, PURGED);
  }

  /**
   * @param most how many at most
   */
  static Sql purge(Instant before, int most) {
    return Sql.of(
        """
        DELETE FROM idempotency_keys WHERE recorded_at < ? AND (tenant, key_hash) IN (
          SELECT k.tenant, k.key_hash FROM idempotency_keys k WHERE k.recorded_at < ?
          ORDER BY k.recorded_at FETCH FIRST %d ROWS ONLY)"""
            .formatted(most),
        EpochMicros.of(before),
        EpochMicros.of(before));
  }

  /** Removes a record; the ids in it are not compared, because not every database can. */
  public static Sql delete(String tenant, IdempotencyRecord record) {
    return Sql.of(
        """
        DELETE FROM idempotency_keys
        WHERE tenant = ? AND key_hash = ? AND request_hash = ? AND recorded_at = ?""",
        tenant,
        record.keyHash(),
        record.requestHash(),
        EpochMicros.of(record.recordedAt()));
  }

  public static Sql delete(String tenant, String keyHash, Instant before) {
    return Sql.of(
        "DELETE FROM idempotency_keys WHERE tenant = ? AND key_hash = ? AND recorded_at < ?",
        tenant,
        keyHash,
        EpochMicros.of(before));
  }
}
