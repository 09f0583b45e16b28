package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.dialect.SqlErrors;
import org.smg.history.storage.jpa.schema.Schema;
import org.smg.history.storage.jpa.schema.SchemaMismatch;

/**
 * Makes the entity manager factory when the database first answers with a schema that fits: a
 * database that is down at start must not stop the application.
 */
final class LazyEntityManagerFactory implements Supplier<EntityManagerFactory>, AutoCloseable {

  /** The property of a factory that holds the data source. */
  static final String DATA_SOURCE = "jakarta.persistence.nonJtaDataSource";

  /** How long a database that can be reached may take for the answer to a simple question. */
  private static final int ANSWER_MILLIS = 3000;

  private final Supplier<DataSource> dataSource;
  private final Dialect dialect;
  private final boolean autoMigrate;
  private final boolean rowSecurity;
  private volatile EntityManagerFactory made;

  LazyEntityManagerFactory(
      Supplier<DataSource> dataSource, Dialect dialect, boolean autoMigrate, boolean rowSecurity) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.autoMigrate = autoMigrate;
    this.rowSecurity = rowSecurity;
  }

  /**
   * @throws HistoryFailure.Unavailable if the database does not answer
   * @throws SchemaMismatch if it does, with a schema that does not fit
   */
  @Override
  public EntityManagerFactory get() {
    EntityManagerFactory factory = made;
    if (factory == null) {
      connect();
      factory = make();
    }
    return factory;
  }

  /** Asks the database for the schema's version. */
  void ping() throws SQLException {
    try (Connection connection = dataSource.get().getConnection()) {
      int limit = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
      Schema.version(connection);
      // Not every pool does so when it takes the connection back.
      connection.setNetworkTimeout(Runnable::run, limit);
    }
  }

  private void connect() {
    try {
      dataSource.get().getConnection().close();
    } catch (SQLException e) {
      throw SqlErrors.outage(e, dialect);
    }
  }

  /** One thread at a time; the database has just answered, so that the others wait briefly. */
  private synchronized EntityManagerFactory make() {
    if (made == null) {
      try {
        Schema schema = schema();
        schema.check();
        schema.checkRowSecurity(rowSecurity);
      } catch (SQLException e) {
        throw SqlErrors.outage(e, dialect);
      }
      made = create();
    }
    return made;
  }

  private Schema schema() {
    return new Schema(dataSource.get(), dialect, dialect.scripts(), autoMigrate);
  }

  private EntityManagerFactory create() {
    Map<String, Object> properties = new HashMap<>(dialect.properties());
    properties.put(DATA_SOURCE, dataSource.get());
    EntityManagerFactory factory = Persistence.createEntityManagerFactory("history", properties);
    try {
      // Connects. EclipseLink's factory cannot be used again after it failed to connect once.
      factory.createEntityManager().close();
      return factory;
    } catch (RuntimeException failure) {
      factory.close();
      throw SqlErrors.kindOf(failure, dialect).isOutage()
          ? SqlErrors.outage(failure, dialect)
          : failure;
    }
  }

  @Override
  public synchronized void close() {
    if (made != null) {
      made.close();
      made = null;
    }
  }
}
