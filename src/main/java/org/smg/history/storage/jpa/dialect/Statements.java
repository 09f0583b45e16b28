package org.smg.history.storage.jpa.dialect;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.Key;
import org.smg.history.model.Metadata;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.IdempotencyRecord;
import org.smg.history.storage.jpa.rows.EnumColumns;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.JsonStrings;
import org.smg.history.storage.jpa.rows.LabelDigests;
import org.smg.history.storage.jpa.rows.MetadataColumn;
import org.smg.history.storage.jpa.rows.SearchValue;
import org.smg.history.storage.jpa.rows.StoredItem;

/**
 * Statements in the SQL that all databases share. Of several that are run together, the first one
 * locks the row of the conversation or response that is changed, so that those after it see all
 * that others have written to it.
 */
public final class Statements {

  private static final String LINKABLE =
      """
      INSERT INTO response_item_ids (tenant, item_id, response_id, stored_at)
      SELECT i.tenant, i.item_id, r.id, MIN(i.stored_at)
      FROM items i JOIN responses r ON r.tenant = i.tenant AND r.id = i.response_id
      WHERE\s""";

  /** A response that was deleted and recorded anew may have the same items there already. */
  private static final String NOT_YET_LINKABLE =
      """

      AND NOT EXISTS (
        SELECT 1 FROM response_item_ids k
        WHERE k.tenant = i.tenant AND k.item_id = i.item_id AND k.response_id = r.id)
      GROUP BY i.tenant, i.item_id, r.id
      ORDER BY r.id""";

  private static final String RESPONSE_RETAINED =
      """

      AND EXISTS (SELECT 1 FROM responses r WHERE r.tenant = feedback.tenant
                  AND r.id = feedback.response_id AND r.recorded_at >= ?)""";

  /** The condition on the row of a response that is not being made. */
  public static final Sql FINISHED = Sql.of(" AND server_id IS NULL");

  private Statements() {}

  static Sql conversation(Conversation conversation, int items) {
    return Sql.of(
        """
        INSERT INTO conversations
          (tenant, id, owner, created_at, updated_at, next_position, metadata)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        conversation.key().tenant(),
        conversation.key().id(),
        Sql.text(conversation.owner()),
        EpochMicros.of(conversation.createdAt()),
        EpochMicros.of(conversation.updatedAt()),
        1L + items,
        metadata(conversation.metadata()));
  }

  /** Locks a conversation, reserves positions in it, and sets the time of its last update. */
  static Sql reserve(
      Scope scope, String conversationId, int positions, Instant at, Retained retained) {
    return Sql.of(
            "UPDATE conversations SET next_position = next_position + ?, updated_at = ? WHERE ",
            (long) positions,
            EpochMicros.of(at))
        .then(conversationIn(scope, conversationId, retained));
  }

  /** The values of a response's row, by column. */
  static Map<String, Object> response(RecordedTurn turn) {
    StoredResponse response = turn.response();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("tenant", response.key().tenant());
    row.put("id", response.key().id());
    row.put("owner", Sql.text(response.owner()));
    row.put("recorded_at", EpochMicros.of(response.recordedAt()));
    row.put("created_at", EpochMicros.of(response.createdAt()));
    row.put("conversation_id", Sql.text(response.conversationId()));
    row.put("previous_response_id", Sql.text(response.previousResponseId()));
    row.put("safety_identifier", Sql.text(response.safetyIdentifier()));
    row.put("end_user", Sql.text(response.user()));
    row.putAll(outcome(response));
    row.put("metadata", metadata(response.metadata()));
    row.put("input_items", Sql.text(turn.input().places()));
    row.put("input", Sql.text(turn.input().json()));
    return row;
  }

  /** Those of the values that the end of a run changes. */
  static Map<String, Object> outcome(StoredResponse response) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("completed_at", Sql.number(EpochMicros.of(response.completedAt())));
    row.put("status", EnumColumns.toColumn(response.status()));
    row.put("model", Sql.text(response.model()));
    row.put("input_tokens", Sql.number(response.usage().input()));
    row.put("cached_tokens", Sql.number(response.usage().cached()));
    row.put("output_tokens", Sql.number(response.usage().output()));
    row.put("reasoning_tokens", Sql.number(response.usage().reasoning()));
    row.put("total_tokens", Sql.number(response.usage().total()));
    row.put("fingerprint", response.fingerprint());
    row.put("json", response.json().toString());
    return row;
  }

  /** Feedback about a response, which a foreign key holds. */
  public static Sql feedback(Feedback feedback) {
    return Sql.of(
        """
        INSERT INTO feedback
          (tenant, id, owner, response_id, conversation_id, model, rating, author, created_at,
           metadata, comment_text)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        feedback.key().tenant(),
        feedback.key().id(),
        Sql.text(feedback.owner()),
        feedback.responseId(),
        Sql.text(feedback.conversationId()),
        Sql.text(feedback.model()),
        EnumColumns.toColumn(feedback.rating()),
        Sql.text(feedback.author()),
        EpochMicros.of(feedback.createdAt()),
        metadata(feedback.metadata()),
        Sql.text(JsonStrings.quote(feedback.comment())));
  }

  /**
   * @return whether there was a conversation, by the first count
   */
  public static List<Sql> replaceMetadata(
      Scope scope,
      String conversationId,
      Metadata metadata,
      Instant at,
      Optional<IdempotencyRecord> once,
      Retained retained) {
    Sql inScope = conversationIn(scope, conversationId, retained);
    List<Sql> statements = new ArrayList<>();
    statements.add(
        Sql.of(
                "UPDATE conversations SET metadata = ?, updated_at = ? WHERE ",
                metadata(metadata),
                EpochMicros.of(at))
            .then(inScope));
    statements.add(
        Sql.of(
                """
                DELETE FROM conversation_labels WHERE tenant = ? AND conversation_id = ?
                AND EXISTS (SELECT 1 FROM conversations WHERE\s""",
                scope.tenant(),
                SearchValue.of(conversationId))
            .then(inScope)
            .then(")"));
    for (String label : LabelDigests.of(metadata)) {
      statements.add(
          Sql.of(
                  """
                  INSERT INTO conversation_labels (tenant, label, created_at, conversation_id)
                  SELECT tenant, CAST(? AS varchar(22)), created_at, id FROM conversations WHERE\s""",
                  label)
              .then(inScope));
    }
    once.ifPresent(
        record ->
            statements.add(
                IdempotencyKeys.insertFrom("conversations WHERE ", scope.tenant(), record)
                    .then(inScope)));
    return statements;
  }

  /**
   * Deletes conversations. The items that came with responses stay in those, and can still be
   * referred to. Their ids are noted in the order of the responses, which that locks.
   *
   * @param condition on the rows of conversations; empty, or begins with {@code AND}
   * @return how many there were, by the first count
   */
  public static List<Deletion> deleteConversations(
      Scope scope, List<String> ids, Sql condition, Retained retained) {
    String tenant = SearchValue.of(scope.tenant());
    Sql these = among(ids);
    Sql gone = these.then(gone("conversations", "conversation_id", tenant, these));
    return List.of(
        Deletion.of(
            Sql.of("conversations WHERE ")
                .then(conversationsIn(scope, ids, retained))
                .then(condition),
            "metadata"),
        Deletion.without(
            linkable(
                Sql.of("i.tenant = ? AND i.conversation_id ", tenant)
                    .then(these)
                    .then(gone("conversations", "i.conversation_id", tenant, these)))),
        Deletion.of(
            Sql.of("items WHERE tenant = ? AND conversation_id ", tenant).then(gone), "json"),
        Deletion.of(
            Sql.of("conversation_labels WHERE tenant = ? AND conversation_id ", tenant)
                .then(gone)));
  }

  /**
   * Takes an item out of a conversation, like {@link #deleteConversations}.
   *
   * @return whether there was one, by the first and the last count
   */
  public static List<Deletion> removeItem(
      Key conversation, String itemId, Instant at, Retained retained) {
    String id = SearchValue.of(itemId);
    return List.of(
        Deletion.without(
            Sql.of(
                """
                UPDATE conversations SET updated_at = ? WHERE tenant = ? AND id = ?
                AND updated_at >= ? AND EXISTS (SELECT 1 FROM items i
                            WHERE i.tenant = ? AND i.item_id = ? AND i.conversation_id = ?)""",
                EpochMicros.of(at),
                conversation.tenant(),
                conversation.id(),
                retained.conversations(),
                conversation.tenant(),
                id,
                conversation.id())),
        Deletion.without(
            linkable(
                Sql.of(
                    "i.tenant = ? AND i.conversation_id = ? AND i.item_id = ?",
                    conversation.tenant(),
                    conversation.id(),
                    id))),
        Deletion.of(
            Sql.of(
                "items WHERE tenant = ? AND conversation_id = ? AND item_id = ?",
                conversation.tenant(),
                conversation.id(),
                id),
            "json"));
  }

  /**
   * Deletes responses. Foreign keys delete the ids of their items, and feedback that is given
   * meanwhile.
   *
   * @param condition on the rows of responses; empty, or begins with {@code AND}
   * @return how many there were, by the second count
   */
  public static List<Deletion> deleteResponses(
      Scope scope, List<String> ids, Sql condition, Retained retained) {
    String tenant = SearchValue.of(scope.tenant());
    Sql these = among(ids);
    Sql rows = Sql.of("responses WHERE ").then(responsesIn(scope, ids, retained)).then(condition);
    return List.of(
        Deletion.of(
            Sql.of("feedback WHERE tenant = ? AND response_id ", tenant)
                .then(these)
                .then(" AND response_id IN (SELECT id FROM ")
                .then(rows)
                .then(")"),
            "metadata",
            "comment_text"),
        Deletion.of(rows, "input", "json"),
        Deletion.of(
            Sql.of("response_labels WHERE tenant = ? AND response_id ", tenant)
                .then(these)
                .then(gone("responses", "response_id", tenant, these))));
  }

  /**
   * @return whether there was one, by the first count
   */
  public static List<Deletion> deleteFeedback(Scope scope, String id, Retained retained) {
    Sql row = Sql.of("feedback WHERE ").then(in(scope, id));
    return List.of(
        Deletion.of(
            retained.limitsResponses() ? row.then(RESPONSE_RETAINED, retained.responses()) : row,
            "metadata",
            "comment_text"));
  }

  /** Those of several conversations or responses that are not stored any more. */
  private static Sql gone(String table, String column, String tenant, Sql these) {
    return Sql.of(
            " AND %s NOT IN (SELECT id FROM %s WHERE tenant = ? AND id ".formatted(column, table),
            tenant)
        .then(these)
        .then(")");
  }

  static Sql among(List<String> ids) {
    return Sql.of(
        "IN (%s)".formatted(String.join(", ", Collections.nCopies(ids.size(), "?"))),
        ids.stream().map(SearchValue::of).toArray());
  }

  /**
   * Inserts what makes items that came with responses findable in those, in the order of the
   * responses, which that locks.
   */
  static Sql linkable(Sql items) {
    return Sql.of(LINKABLE).then(items).then(NOT_YET_LINKABLE);
  }

  /** The condition on the rows of those of several conversations that are in scope and retained. */
  public static Sql conversationsIn(Scope scope, List<String> ids, Retained retained) {
    return in(scope, ids).then(" AND updated_at >= ?", retained.conversations());
  }

  /** The condition on the rows of those of several responses that are in scope and retained. */
  public static Sql responsesIn(Scope scope, List<String> ids, Retained retained) {
    return in(scope, ids).then(" AND recorded_at >= ?", retained.responses());
  }

  private static Sql in(Scope scope, List<String> ids) {
    return owned(
        scope, Sql.of("tenant = ? AND id ", SearchValue.of(scope.tenant())).then(among(ids)));
  }

  /** The condition on the row of a conversation that is in scope and retained. */
  static Sql conversationIn(Scope scope, String id, Retained retained) {
    return in(scope, id).then(" AND updated_at >= ?", retained.conversations());
  }

  /** The condition on the row of a response that is in scope and retained. */
  static Sql responseIn(Scope scope, String id, Retained retained) {
    return in(scope, id).then(" AND recorded_at >= ?", retained.responses());
  }

  private static Sql in(Scope scope, String id) {
    return owned(
        scope, Sql.of("tenant = ? AND id = ?", SearchValue.of(scope.tenant()), SearchValue.of(id)));
  }

  private static Sql owned(Scope scope, Sql keys) {
    return scope.owner() == null
        ? keys
        : keys.then(" AND owner = ?", SearchValue.of(scope.owner()));
  }

  /** The text of a column with metadata. */
  public static String metadata(Metadata metadata) {
    return new MetadataColumn().convertToDatabaseColumn(metadata);
  }

  static List<String> ids(List<StoredItem> items) {
    return items.stream().map(item -> item.item().id()).toList();
  }
}
