package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.SQLException;

/** Work of several round trips that is committed as one, or not at all. */
public final class Transaction {

  /** What is done on the connection. */
  public interface Work<T> {
    T run() throws SQLException;
  }

  private Transaction() {}

  /** Runs the work in a transaction, or in the one that the connection is in already. */
  public static <T> T run(Connection connection, Work<T> work) throws SQLException {
    if (!connection.getAutoCommit()) {
      return work.run();
    }
    connection.setAutoCommit(false);
    boolean committed = false;
    try {
      T result = work.run();
      connection.commit();
      committed = true;
      return result;
    } finally {
      end(connection, committed);
    }
  }

  private static void end(Connection connection, boolean committed) {
    try {
      if (!committed) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    } catch (SQLException lost) {
      // The connection is lost, and the database has rolled back; the first failure is thrown.
    }
  }
}
