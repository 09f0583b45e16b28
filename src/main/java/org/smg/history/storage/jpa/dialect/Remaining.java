package org.smg.history.storage.jpa.dialect;

import java.util.List;
import org.smg.history.model.ConversationFilter;
import org.smg.history.model.Metadata;
import org.smg.history.model.ResponseFilter;
import org.smg.history.model.Scope;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.jpa.rows.EnumColumns;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.LabelDigests;
import org.smg.history.storage.jpa.rows.SearchValue;

/**
 * Conditions by which a row that was found by a filter still meets it, once it is locked: metadata
 * may have been replaced since, and a response recorded anew under its id.
 */
public final class Remaining {

  private Remaining() {}

  /** The condition on a row of {@code conversations}; empty, or begins with {@code AND}. */
  public static Sql of(Scope scope, ConversationFilter filter) {
    return created(filter.created())
        .then(labels(scope, filter.metadata(), "conversations", "conversation"));
  }

  /** The condition on a row of {@code responses}; empty, or begins with {@code AND}. */
  public static Sql of(Scope scope, ResponseFilter filter) {
    return created(filter.created())
        .then(equal("model", filter.model()))
        .then(equal("status", EnumColumns.toColumn(filter.status())))
        .then(equal("conversation_id", filter.conversationId()))
        .then(equal("safety_identifier", filter.safetyIdentifier()))
        .then(equal("end_user", filter.user()))
        .then(labels(scope, filter.metadata(), "responses", "response"));
  }

  private static Sql equal(String column, String value) {
    return value == null ? Sql.of("") : Sql.of(" AND " + column + " = ?", SearchValue.of(value));
  }

  private static Sql created(TimeRange range) {
    Sql from =
        range.from() == null
            ? Sql.of("")
            : Sql.of(" AND created_at >= ?", EpochMicros.of(range.from()));
    return range.until() == null
        ? from
        : from.then(" AND created_at < ?", EpochMicros.of(range.until()));
  }

  private static Sql labels(Scope scope, Metadata metadata, String table, String noun) {
    Sql all = Sql.of("");
    List<String> digests = LabelDigests.of(metadata);
    for (String digest : digests) {
      all =
          all.then(
              """
              \sAND EXISTS (SELECT 1 FROM %1$s_labels l
                           WHERE l.tenant = ? AND l.label = ? AND l.%1$s_id = %2$s.id)"""
                  .formatted(noun, table),
              SearchValue.of(scope.tenant()),
              digest);
    }
    return all;
  }
}
