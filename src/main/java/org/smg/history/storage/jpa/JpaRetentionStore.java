package org.smg.history.storage.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.PurgeStatements;
import org.smg.history.storage.jpa.dialect.Rows;
import org.smg.history.storage.jpa.dialect.Sql;
import org.smg.history.storage.jpa.rows.EpochMicros;

final class JpaRetentionStore implements RetentionStore {

  private final Database database;
  private final Dialect dialect;
  private final DueRows due;
  private final boolean rowSecurity;

  /**
   * @param rowSecurity whether there is a table of tenants
   */
  JpaRetentionStore(Database database, Dialect dialect, DueRows due, boolean rowSecurity) {
    this.database = database;
    this.dialect = dialect;
    this.due = due;
    this.rowSecurity = rowSecurity;
  }

  @Override
  public boolean lease(String holder, Duration duration) {
    long micros = duration.toNanos() / 1_000;
    return database
            .executeForNoTenant(
                connection ->
                    dialect.run(
                        connection, List.of(PurgeStatements.lease(dialect, holder, micros))))
            .get(0)
        > 0;
  }

  @Override
  public void release(String holder) {
    database.executeForNoTenant(
        connection -> dialect.run(connection, List.of(PurgeStatements.release(holder))));
  }

  @Override
  public Optional<String> tenantAfter(String tenant) {
    return database.executeForNoTenant(
        connection -> {
          Sql next = PurgeStatements.tenantAfter(tenant, rowSecurity);
          return Optional.ofNullable(Rows.texts(connection, next).get(0));
        });
  }

  @Override
  public Step purge(String tenant, Instant now) {
    Step step = due.removeSome(tenant);
    return step.more() ? step : new Step(step.removed(), removesIdempotencyKeys(tenant, now));
  }

  private boolean removesIdempotencyKeys(String tenant, Instant now) {
    Sql old = PurgeStatements.idempotencyKeys(now.minus(IdempotencyRecord.LIFETIME));
    return database.execute(tenant, connection -> dialect.run(connection, List.of(old))).get(0) > 0;
  }

  @Override
  public void purged(String tenant, Purged purge) {
    long at = EpochMicros.of(purge.at());
    database.execute(
        tenant,
        connection -> {
          Sql update = PurgeStatements.updatePurge(tenant, at, purge.removed());
          if (dialect.run(connection, List.of(update)).get(0) == 0) {
            dialect.run(
                connection, List.of(PurgeStatements.insertPurge(tenant, at, purge.removed())));
          }
          return purge;
        });
  }

  @Override
  public State state(String tenant) {
    return database.execute(
        tenant,
        connection ->
            new State(
                time(connection, PurgeStatements.oldestConversation(tenant)),
                time(connection, PurgeStatements.oldestResponse(tenant)),
                lastPurge(connection, tenant)));
  }

  private static Instant time(Connection connection, Sql sql) throws SQLException {
    String micros = Rows.texts(connection, sql).get(0);
    return micros == null ? null : EpochMicros.toInstant(Long.parseLong(micros));
  }

  private static Purged lastPurge(Connection connection, String tenant) throws SQLException {
    List<Purged> purges = new ArrayList<>();
    Rows.read(
        connection,
        PurgeStatements.run(tenant),
        row ->
            purges.add(
                new Purged(
                    EpochMicros.toInstant(row.getLong(1)),
                    new Counts(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))));
    return purges.isEmpty() ? null : purges.get(0);
  }
}
