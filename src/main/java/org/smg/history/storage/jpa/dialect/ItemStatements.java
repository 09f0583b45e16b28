package org.smg.history.storage.jpa.dialect;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * Prepares the dialects' own statements and reads the items that they answer with.
 *
 * @param readType reads the text of an item's type from its column
 */
record ItemStatements(UnaryOperator<String> readType) {

  /** Prepares a statement on the connection of the entity manager's transaction. */
  static PreparedStatement prepare(EntityManager em, String sql, List<Object> parameters)
      throws SQLException {
    PreparedStatement statement = em.unwrap(Connection.class).prepareStatement(sql);
    for (int i = 0; i < parameters.size(); i++) {
      statement.setObject(i + 1, parameters.get(i));
    }
    return statement;
  }

  /** Adds items by their ids. The columns are item_id, type and json. */
  void readItems(ResultSet rows, Map<String, Item> items) throws SQLException {
    while (rows.next()) {
      Item item = item(rows);
      items.put(item.id(), item);
    }
  }

  /** Adds stored items by their ids. The columns are item_id, type, json and stored_at. */
  void readStoredItems(ResultSet rows, Map<String, StoredItem> items) throws SQLException {
    while (rows.next()) {
      Item item = item(rows);
      items.put(item.id(), new StoredItem(item, rows.getLong(4)));
    }
  }

  private Item item(ResultSet rows) throws SQLException {
    return new Item(
        rows.getString(1), readType.apply(rows.getString(2)), JsonText.of(rows.getString(3)));
  }
}
