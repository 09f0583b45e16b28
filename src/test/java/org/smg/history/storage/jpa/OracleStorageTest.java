package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.LeaseContract;
import org.smg.history.storage.RetentionContract;
import org.smg.history.storage.RunContract;
import org.smg.history.storage.SettableHorizon;
import org.smg.history.storage.Storage;
import org.smg.history.storage.StorageContract;
import org.smg.history.storage.jpa.dialect.OracleDialect;

/** The contract; every statement that is sent must conform to Oracle's grammar. */
@TestInstance(Lifecycle.PER_CLASS)
class OracleStorageTest
    implements StorageContract, RetentionContract, RunContract, LeaseContract, RunRowsContract {

  /** Statements of this project; Flyway chooses its own by the kind of database. */
  private static final Pattern OWN =
      Pattern.compile(
          "stored_bytes|server_leases|history_schema|nls_|conversation|items?\\b|response|feedback",
          Pattern.CASE_INSENSITIVE);

  private OracleDatabase database;
  private final CountedBytes counted = new CountedBytes();
  private final SettableHorizon horizon = new SettableHorizon();
  private DueRowsLeft rows;
  private JpaStorage storage;

  @BeforeAll
  void start() throws SQLException {
    database = OracleDatabase.open();
    DataSource pool = database.pool();
    storage = new JpaStorage(() -> pool, false, false, new OracleDialect(), counted, horizon);
    rows = new DueRowsLeft(pool);
    database.begin(storage);
  }

  @AfterAll
  void stop() {
    storage.close();
    database.close();
    assertThat(database.statements())
        .hasSizeGreaterThan(100)
        .filteredOn(sql -> OWN.matcher(sql).find())
        .flatMap(OracleGrammar::faults)
        .isEmpty();
  }

  /** In characters, since Oracle cannot measure a CLOB in bytes. */
  @Override
  public long least(String text) {
    return text.length();
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
