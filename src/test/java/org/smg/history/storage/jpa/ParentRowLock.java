package org.smg.history.storage.jpa;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.h2.api.Trigger;

/**
 * Makes an insert of feedback wait for a delete of its response, as Oracle does and H2 does not.
 */
public final class ParentRowLock implements Trigger {

  private static final int TENANT = 0;
  private static final int RESPONSE = 3;

  @Override
  public void fire(Connection connection, Object[] before, Object[] feedback) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement(
            "SELECT id FROM responses WHERE tenant = ? AND id = ? FOR UPDATE")) {
      lock.setObject(1, feedback[TENANT]);
      lock.setObject(2, feedback[RESPONSE]);
      lock.executeQuery();
    }
  }
}
