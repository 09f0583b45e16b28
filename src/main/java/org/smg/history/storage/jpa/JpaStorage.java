package org.smg.history.storage.jpa;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.Availability;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.ConnectionUse;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.Horizon;
import org.smg.history.storage.IdempotencyStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.RetentionStore;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.Storage;
import org.smg.history.storage.jpa.connection.BorrowedConnections;
import org.smg.history.storage.jpa.connection.ContainerDataSource;
import org.smg.history.storage.jpa.connection.RowSecurity;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.ErrorKind;
import org.smg.history.storage.jpa.dialect.Retained;
import org.smg.history.storage.jpa.dialect.SqlErrors;
import org.smg.history.storage.jpa.schema.SchemaMismatch;

/** History in the database behind the container's data source. */
public final class JpaStorage implements Storage, AutoCloseable {

  private static final String DATA_SOURCE = "java:comp/env/jdbc/history";

  private final Dialect dialect;
  private final LazyEntityManagerFactory factory;
  private final DatabaseHealth health;
  private final Availability availability;
  private final Database database;
  private final BorrowedConnections borrowed;
  private final ByteCount bytes;
  private final ByteSums byteSums;
  private final Retained retained;
  private final boolean rowSecurity;

  /**
   * @param poolSize how many connections the container's pool has at most
   */
  JpaStorage(
      boolean autoMigrate,
      boolean rowSecurity,
      Dialect dialect,
      ByteMeter meter,
      Horizon horizon,
      int poolSize) {
    this(JpaStorage::lookUp, autoMigrate, rowSecurity, dialect, meter, horizon, poolSize);
  }

  JpaStorage(Supplier<DataSource> dataSource, boolean autoMigrate, Dialect dialect) {
    this(dataSource, autoMigrate, false, dialect);
  }

  JpaStorage(
      Supplier<DataSource> dataSource, boolean autoMigrate, boolean rowSecurity, Dialect dialect) {
    this(dataSource, autoMigrate, rowSecurity, dialect, ByteMeter.NONE);
  }

  JpaStorage(
      Supplier<DataSource> dataSource,
      boolean autoMigrate,
      boolean rowSecurity,
      Dialect dialect,
      ByteMeter meter) {
    this(dataSource, autoMigrate, rowSecurity, dialect, meter, Horizon.NONE);
  }

  JpaStorage(
      Supplier<DataSource> dataSource,
      boolean autoMigrate,
      boolean rowSecurity,
      Dialect dialect,
      ByteMeter meter,
      Horizon horizon) {
    this(dataSource, autoMigrate, rowSecurity, dialect, meter, horizon, JpaBackends.LARGEST_POOL);
  }

  JpaStorage(
      Supplier<DataSource> dataSource,
      boolean autoMigrate,
      boolean rowSecurity,
      Dialect dialect,
      ByteMeter meter,
      Horizon horizon,
      int poolSize) {
    this.dialect = dialect;
    this.borrowed = new BorrowedConnections(poolSize);
    this.retained = new Retained(horizon);
    this.rowSecurity = rowSecurity;
    RowSecurity tenants = new RowSecurity(dialect, rowSecurity);
    this.factory =
        new LazyEntityManagerFactory(
            () -> new ContainerDataSource(dataSource.get(), tenants, borrowed),
            dialect,
            autoMigrate,
            rowSecurity);
    this.health = new DatabaseHealth();
    this.availability = new Availability(this::probe);
    this.database =
        new Database(factory, dialect, tenants, borrowed, health, availability, Backoff::new);
    this.bytes = new ByteCount(meter, dialect);
    this.byteSums = new JpaByteSums(database, dialect);
  }

  private static DataSource lookUp() {
    try {
      return InitialContext.doLookup(DATA_SOURCE);
    } catch (NamingException e) {
      throw new HistoryFailure.Unavailable("There is no data source " + DATA_SOURCE + ".", e);
    }
  }

  @Override
  public ConversationStore conversations() {
    return new JpaConversationStore(database, dialect, bytes, retained);
  }

  @Override
  public ResponseStore responses() {
    return new JpaResponseStore(database, dialect, bytes, retained);
  }

  @Override
  public FeedbackStore feedback() {
    return new JpaFeedbackStore(database, dialect, bytes, retained);
  }

  @Override
  public IdempotencyStore idempotency() {
    return new JpaIdempotencyStore(database, dialect);
  }

  @Override
  public RunStore runs() {
    return new JpaRunStore(database, dialect, bytes, retained, rowSecurity);
  }

  @Override
  public ByteSums byteSums() {
    return byteSums;
  }

  @Override
  public RetentionStore retention() {
    return new JpaRetentionStore(
        database, dialect, new DueRows(database, dialect, bytes, retained), rowSecurity);
  }

  /**
   * Makes an empty schema's tables.
   *
   * @throws SchemaMismatch if the schema does not fit
   */
  @Override
  public void verify() {
    try {
      factory.get();
      ping();
      availability.answered();
    } catch (HistoryFailure.Unavailable outage) {
      availability.suspect();
      throw outage;
    }
  }

  @Override
  public Optional<ConnectionUse> connections() {
    return Optional.of(borrowed.use());
  }

  @Override
  public void checkReady() {
    availability.verify();
  }

  /**
   * A schema that does not fit stops the start. Later it only makes this server unready: the
   * database was down at the start, or an administrator is changing the schema.
   */
  private void probe() {
    try {
      factory.get();
      ping();
    } catch (SchemaMismatch mismatch) {
      throw new HistoryFailure.Unavailable(mismatch.getMessage(), mismatch);
    }
  }

  private void ping() {
    try {
      factory.ping();
      health.answered();
    } catch (SQLException error) {
      health.note(error, dialect);
      ErrorKind kind = SqlErrors.kindOf(error, dialect);
      boolean busy =
          kind == ErrorKind.BUSY || kind == ErrorKind.UNAVAILABLE && health.answersLately();
      if (!busy) {
        throw SqlErrors.outage(error, dialect);
      }
    }
  }

  @Override
  public void close() {
    availability.close();
    factory.close();
  }
}
