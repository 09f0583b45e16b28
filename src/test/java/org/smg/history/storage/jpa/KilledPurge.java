package org.smg.history.storage.jpa;

import org.postgresql.ds.PGSimpleDataSource;
import org.smg.history.retention.TestPurge;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/**
 * A process that purges once, unless it is killed before. Its arguments are the port and the name
 * of the database.
 */
final class KilledPurge {

  private KilledPurge() {}

  public static void main(String[] arguments) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setPortNumbers(new int[] {Integer.parseInt(arguments[0])});
    source.setUser("postgres");
    source.setDatabaseName(arguments[1]);
    try (JpaStorage storage =
        new JpaStorage(
            () -> source,
            false,
            false,
            new PostgresDialect(),
            ByteMeter.NONE,
            TestPurge.horizon())) {
      storage.verify();
      new TestPurge(storage).run();
    }
  }
}
