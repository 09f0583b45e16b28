package org.smg.history.storage.jpa;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.Storage;

/** History in the database behind the container's data source. */
public final class JpaStorage implements Storage, AutoCloseable {

  private static final String DATA_SOURCE = "java:comp/env/jdbc/history";

  private final Dialect dialect;
  private final LazyFactory factory;
  private final Database database;
  private final AtomicBoolean started = new AtomicBoolean();

  JpaStorage(boolean autoMigrate, Dialect dialect) {
    this(JpaStorage::containers, autoMigrate, dialect);
  }

  JpaStorage(Supplier<DataSource> dataSource, boolean autoMigrate, Dialect dialect) {
    this.dialect = dialect;
    this.factory = new LazyFactory(dataSource, dialect, autoMigrate);
    this.database = new Database(factory, dialect);
  }

  private static DataSource containers() {
    try {
      return InitialContext.doLookup(DATA_SOURCE);
    } catch (NamingException e) {
      throw new HistoryFailure.Unavailable("There is no data source " + DATA_SOURCE + ".", e);
    }
  }

  @Override
  public ConversationStore conversations() {
    return new JpaConversationStore(database, dialect);
  }

  @Override
  public ResponseStore responses() {
    return new JpaResponseStore(database, dialect);
  }

  @Override
  public FeedbackStore feedback() {
    return new JpaFeedbackStore(database);
  }

  /**
   * At the start, a schema that does not fit is a reason to stop. Later it is one not to be ready:
   * the database was down at the start, or somebody is at work on it.
   */
  @Override
  public void verify() {
    try {
      factory.get();
      factory.probe();
    } catch (SchemaMismatch mismatch) {
      if (started.get()) {
        throw new HistoryFailure.Unavailable(mismatch.getMessage(), mismatch);
      }
      throw mismatch;
    } finally {
      started.set(true);
    }
  }

  @Override
  public void close() {
    factory.close();
  }
}
