package org.smg.history.storage.jpa;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.IdempotencyKeys;
import org.smg.history.storage.jpa.dialect.Sql;

final class JpaIdempotencyStore implements IdempotencyStore {

  private final Database database;
  private final Dialect dialect;

  JpaIdempotencyStore(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  @Override
  public Optional<IdempotencyRecord> find(String tenant, String keyHash, Instant since) {
    return database.execute(
        tenant,
        connection -> {
          dialect.run(
              connection,
              List.of(
                  IdempotencyKeys.purge(since), IdempotencyKeys.delete(tenant, keyHash, since)));
          return IdempotencyKeys.find(connection, tenant, keyHash);
        });
  }

  /**
   * To be called when a write violated a key.
   *
   * @throws HistoryFailure.IdempotencyKeyUsed if that was the write's idempotency key
   */
  void refuseUsed(String tenant, Optional<IdempotencyRecord> once) {
    boolean used =
        once.isPresent()
            && database
                .execute(
                    tenant,
                    connection -> IdempotencyKeys.find(connection, tenant, once.get().keyHash()))
                .isPresent();
    if (used) {
      throw new HistoryFailure.IdempotencyKeyUsed();
    }
  }

  @Override
  public void forget(String tenant, IdempotencyRecord record) {
    Sql delete = IdempotencyKeys.delete(tenant, record);
    database.execute(
        tenant,
        connection -> {
          boolean same =
              IdempotencyKeys.find(connection, tenant, record.keyHash())
                  .filter(found -> found.ids().equals(record.ids()))
                  .isPresent();
          return same ? dialect.run(connection, List.of(delete)) : List.of();
        });
  }
}
