package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads what queries answer. */
public final class Rows {

  /** What is done with each row. */
  public interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  private Rows() {}

  public static void read(Connection connection, Sql sql, Reader reader) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql.text())) {
      sql.bind(query);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          reader.read(rows);
        }
      }
    }
  }

  /** The first column of each row as a text, which may be null. */
  public static List<String> texts(Connection connection, Sql sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    read(connection, sql, row -> texts.add(row.getString(1)));
    return texts;
  }
}
