package org.smg.history.storage.jpa;

import java.io.IOException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.LeaseContract;
import org.smg.history.storage.RetentionContract;
import org.smg.history.storage.RunContract;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** The whole contract, as a user whom the database keeps to one tenant at a time. */
@ExtendWith(PostgresServer.Shared.class)
@TestInstance(Lifecycle.PER_CLASS)
class RowSecurityStorageTest
    implements StorageContract, RetentionContract, RunContract, LeaseContract, RunRowsContract {

  private final CountedBytes counted = new CountedBytes();
  private final SettableHorizon horizon = new SettableHorizon();
  private DueRowsLeft rows;
  private JpaStorage storage;

  @BeforeAll
  void start(PostgresServer server) throws SQLException, IOException {
    server.newSecuredDatabase("secured_contract");
    DataSource database = server.pool("secured_contract", 32, "history_app");
    storage = new JpaStorage(() -> database, false, true, new PostgresDialect(), counted, horizon);
    rows = new DueRowsLeft(server.database("secured_contract"));
  }

  @AfterAll
  void stop() {
    storage.close();
  }

  @Override
  public CountedBytes counted() {
    return counted;
  }

  @Override
  public SettableHorizon horizon() {
    return horizon;
  }

  @Override
  public void assertNothingDueIsLeft(String tenant) {
    rows.assertNothingDueIsLeft(tenant, horizon);
  }

  @Override
  public void assertNothingIsLeft(String tenant) {
    rows.assertNothingIsLeft(tenant);
  }

  @Override
  public Storage storage() {
    return storage;
  }
}
