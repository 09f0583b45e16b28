package org.smg.history.storage.jpa;

import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.smg.history.config.Settings;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;

@TestInstance(Lifecycle.PER_CLASS)
class OracleStorageTest implements StorageContract {

  private OracleDatabase database;
  private JpaStorage storage;

  @BeforeAll
  void start() throws SQLException {
    database = new OracleDatabase();
    DataSource pool = database.pool();
    storage =
        new JpaStorage(() -> pool, new Settings(option -> Optional.empty()), new OracleDialect());
    storage.verify();
  }

  @AfterAll
  void stop() {
    storage.close();
    database.statements().forEach(s -> System.err.println("SQL " + s));
    database.close();
  }

  @Override
  public Storage storage() {
    return storage;
  }
}
