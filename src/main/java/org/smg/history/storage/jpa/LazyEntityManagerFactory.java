package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.smg.history.model.HistoryFailure;

/**
 * Makes the entity manager factory when the database first answers with a schema that fits: a
 * database that is down at start must not stop the application.
 */
final class LazyFactory implements Supplier<EntityManagerFactory>, AutoCloseable {

  private final Supplier<DataSource> dataSource;
  private final Dialect dialect;
  private final boolean autoMigrate;
  private volatile EntityManagerFactory made;

  LazyFactory(Supplier<DataSource> dataSource, Dialect dialect, boolean autoMigrate) {
    this.dataSource = dataSource;
    this.dialect = dialect;
    this.autoMigrate = autoMigrate;
  }

  /**
   * @throws HistoryFailure.Unavailable if the database does not answer
   * @throws SchemaMismatch if it does, with a schema that does not fit
   */
  @Override
  public EntityManagerFactory get() {
    EntityManagerFactory factory = made;
    if (factory == null) {
      probe();
      factory = make();
    }
    return factory;
  }

  /**
   * Asks for an answer.
   *
   * @throws HistoryFailure.Unavailable if there is none
   */
  void probe() {
    try {
      if (made == null) {
        dataSource.get().getConnection().close();
      } else {
        schema().version();
      }
    } catch (SQLException e) {
      throw Faults.unavailable(new IllegalStateException(e));
    }
  }

  /** One at a time, and only after the database has just answered: nobody waits here for long. */
  private synchronized EntityManagerFactory make() {
    if (made == null) {
      try {
        schema().check();
        made = create();
      } catch (SQLException e) {
        throw Faults.unavailable(new IllegalStateException(e));
      }
    }
    return made;
  }

  private Schema schema() {
    return new Schema(dataSource.get(), dialect, dialect.scripts(), autoMigrate);
  }

  private EntityManagerFactory create() {
    Map<String, Object> properties = new HashMap<>(dialect.properties());
    properties.put("jakarta.persistence.nonJtaDataSource", dataSource.get());
    EntityManagerFactory factory = Persistence.createEntityManagerFactory("history", properties);
    try {
      // Connects; a factory that failed to do so once would fail for ever.
      factory.createEntityManager().close();
      return factory;
    } catch (RuntimeException failure) {
      factory.close();
      throw Faults.unavailable(failure);
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
