package org.smg.history.storage.jpa;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.smg.history.config.Settings;
import org.smg.history.model.HistoryFailure;
import org.smg.history.storage.Backend;
import org.smg.history.storage.ConversationStore;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.ResponseStore;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StoredIn;

/** The backend {@code postgres}. */
@Dependent
@StoredIn(Backend.POSTGRES)
public final class JpaStorage implements Storage {

  private static final String DATA_SOURCE = "java:comp/env/jdbc/history";

  private final Dialect dialect;
  private final LazyFactory factory;
  private final Database database;

  @Inject
  public JpaStorage(Settings settings) {
    this(JpaStorage::containers, settings, new PostgresDialect());
  }

  JpaStorage(Supplier<DataSource> dataSource, Settings settings, Dialect dialect) {
    this.dialect = dialect;
    this.factory = new LazyFactory(dataSource, dialect, settings.autoMigrate());
    this.database = new Database(factory);
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

  @Override
  public void verify() {
    factory.get();
    factory.probe();
  }

  @PreDestroy
  void close() {
    factory.close();
  }
}
