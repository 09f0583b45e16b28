package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.smg.history.storage.Horizon;

/** Looks at the tables themselves. */
final class DueRowsLeft {

  private static final List<String> TABLES =
      List.of(
          "conversations",
          "conversation_labels",
          "items",
          "responses",
          "response_labels",
          "response_item_ids",
          "feedback");

  private final DataSource owner;

  /**
   * @param owner sees the rows of all tenants
   */
  DueRowsLeft(DataSource owner) {
    this.owner = owner;
  }

  void assertNothingDueIsLeft(String tenant, Horizon horizon) {
    assertNone(
        "conversations WHERE tenant = ? AND updated_at < %d".formatted(horizon.conversations()),
        tenant);
    assertNone(
        "responses WHERE tenant = ? AND recorded_at < %d".formatted(horizon.responses()), tenant);
    for (String part : List.of("conversation_labels", "items")) {
      assertNone(
          """
          %s p WHERE p.tenant = ? AND NOT EXISTS (SELECT 1 FROM conversations c
          WHERE c.tenant = p.tenant AND c.id = p.conversation_id)"""
              .formatted(part),
          tenant);
    }
    for (String part : List.of("response_labels", "response_item_ids", "feedback")) {
      assertNone(
          """
          %s p WHERE p.tenant = ? AND NOT EXISTS (SELECT 1 FROM responses r
          WHERE r.tenant = p.tenant AND r.id = p.response_id)"""
              .formatted(part),
          tenant);
    }
  }

  void assertNothingIsLeft(String tenant) {
    TABLES.forEach(table -> assertNone(table + " WHERE tenant = ?", tenant));
  }

  private void assertNone(String rows, String tenant) {
    assertThat(count(rows, tenant)).as(rows).isZero();
  }

  long count(String rows, String tenant) {
    try (Connection connection = owner.getConnection();
        PreparedStatement query = connection.prepareStatement("SELECT COUNT(*) FROM " + rows)) {
      query.setString(1, tenant);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new AssertionError(rows, e);
    }
  }
}
