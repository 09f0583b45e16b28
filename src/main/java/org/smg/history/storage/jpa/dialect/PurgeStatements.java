package org.smg.history.storage.jpa.dialect;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.smg.history.storage.RetentionStore.Counts;
import org.smg.history.storage.jpa.rows.SearchValue;

/** Statements that find, mark and remove what is due, in the SQL that all databases share. */
public final class PurgeStatements {

  /** How many conversations, or responses, one transaction marks or removes. */
  public static final int BATCH = 50;

  /** How many items of conversations one transaction removes. */
  public static final int ITEMS = 500;

  /** How many old idempotency records one step removes. */
  private static final int KEYS = 500;

  private static final long DAY_MICROS = TimeUnit.DAYS.toMicros(1);

  private PurgeStatements() {}

  /** Takes or renews the lease. */
  public static Sql lease(Dialect dialect, String holder, long micros) {
    String now = dialect.now();
    return Sql.of(
        """
        UPDATE purge_lease SET holder = ?, expires_at = %s + ?
        WHERE id = 1 AND (holder = ? OR expires_at < %s)"""
            .formatted(now, now),
        holder,
        micros,
        holder);
  }

  public static Sql release(String holder) {
    return Sql.of(
        "UPDATE purge_lease SET holder = NULL, expires_at = 0 WHERE id = 1 AND holder = ?", holder);
  }

  /**
   * The next tenant by name, or null.
   *
   * @param listed whether there is a table of tenants
   */
  public static Sql tenantAfter(String tenant, boolean listed) {
    // No name has a control character, and Oracle takes an empty text for none.
    String after = tenant == null ? SearchValue.MATCHES_NOTHING : tenant;
    return listed
        ? Sql.of("SELECT MIN(tenant) FROM tenants WHERE tenant > ?", after)
        : Sql.of(
            """
            SELECT MIN(tenant) FROM (
              SELECT MIN(tenant) AS tenant FROM conversations WHERE tenant > ?
              UNION ALL SELECT MIN(tenant) FROM responses WHERE tenant > ?
              UNION ALL SELECT MIN(tenant) FROM idempotency_keys WHERE tenant > ?) names""",
            after,
            after,
            after);
  }

  /** The ids of the oldest responses from before a time, but for those that are being made. */
  public static Sql dueResponses(String tenant, long before) {
    return Sql.of(
        """
        SELECT id FROM responses WHERE tenant = ? AND recorded_at < ? AND server_id IS NULL
        ORDER BY recorded_at FETCH FIRST %d ROWS ONLY"""
            .formatted(BATCH),
        tenant,
        before);
  }

  /**
   * Locks those of the responses that are still from before a time, are not being made, and that
   * nobody has locked.
   */
  public static Sql lockResponses(String tenant, List<String> ids, long before) {
    return in(Sql.of("SELECT id FROM responses WHERE tenant = ? AND id IN (", tenant), ids)
        .then(") AND recorded_at < ? AND server_id IS NULL FOR UPDATE SKIP LOCKED", before);
  }

  /** Removes responses that are locked: their feedback by the first count, them by the second. */
  public static List<Deletion> deleteResponses(String tenant, List<String> ids) {
    return List.of(
        Deletion.of(
            in(Sql.of("feedback WHERE tenant = ? AND response_id IN (", tenant), ids).then(")"),
            "metadata",
            "comment_text"),
        Deletion.of(
            in(Sql.of("responses WHERE tenant = ? AND id IN (", tenant), ids).then(")"),
            "input",
            "json"),
        Deletion.of(
            in(Sql.of("response_labels WHERE tenant = ? AND response_id IN (", tenant), ids)
                .then(")")));
  }

  /**
   * The ids of conversations without a run that were last updated before a time, the oldest days
   * first.
   */
  public static Sql dueConversations(String tenant, long before) {
    return Sql.of(
        """
        SELECT id FROM conversations
        WHERE tenant = ? AND updated_day <= ? AND updated_at < ? AND updated_at >= ?
        AND run_id IS NULL
        ORDER BY updated_day FETCH FIRST %d ROWS ONLY"""
            .formatted(BATCH),
        tenant,
        Math.floorDiv(before, DAY_MICROS),
        before,
        Retained.FIRST);
  }

  /** Locks those of the conversations that are still due and that nobody has locked. */
  public static Sql lockConversations(String tenant, List<String> ids, long before) {
    return in(Sql.of("SELECT id FROM conversations WHERE tenant = ? AND id IN (", tenant), ids)
        .then(
            ") AND updated_at < ? AND updated_at >= ? AND run_id IS NULL FOR UPDATE SKIP LOCKED",
            before,
            Retained.FIRST);
  }

  /** Marks conversations that are locked. */
  public static Sql mark(String tenant, List<String> ids) {
    return in(
            Sql.of(
                "UPDATE conversations SET updated_at = updated_at - ? WHERE tenant = ? AND id IN (",
                Retained.MARK,
                tenant),
            ids)
        .then(")");
  }

  /** Marked conversations: the id, and the position behind the last item. */
  public static Sql marked(String tenant) {
    return Sql.of(
        """
        SELECT id, next_position FROM conversations WHERE tenant = ? AND updated_day < ?
        ORDER BY updated_day FETCH FIRST %d ROWS ONLY"""
            .formatted(BATCH),
        tenant,
        Math.floorDiv(Retained.FIRST, DAY_MICROS));
  }

  /**
   * Removes marked conversations whole: items by the second count, conversations by the third. The
   * items that came with responses stay in those, and can still be referred to.
   */
  public static List<Deletion> deleteMarked(String tenant, List<String> ids) {
    return List.of(
        Deletion.without(
            Statements.linkable(
                in(Sql.of("i.tenant = ? AND i.conversation_id IN (", tenant), ids).then(")"))),
        Deletion.of(
            in(Sql.of("items WHERE tenant = ? AND conversation_id IN (", tenant), ids).then(")"),
            "json"),
        Deletion.of(
            in(Sql.of("conversations WHERE tenant = ? AND id IN (", tenant), ids).then(")"),
            "metadata"),
        Deletion.of(
            in(Sql.of("conversation_labels WHERE tenant = ? AND conversation_id IN (", tenant), ids)
                .then(")")));
  }

  /**
   * Removes the last items of a marked conversation: items by the second count. Nobody else needs
   * its next position any more, so that it tells where to go on.
   *
   * @param from the first position that is removed
   * @param end the one behind the last: the database need not look at what was removed before
   */
  public static List<Deletion> deleteEnd(String tenant, String id, long from, long end) {
    return List.of(
        Deletion.without(
            Statements.linkable(
                Sql.of(
                    "i.tenant = ? AND i.conversation_id = ? AND i.position >= ? AND i.position < ?",
                    tenant,
                    id,
                    from,
                    end))),
        Deletion.of(
            Sql.of(
                "items WHERE tenant = ? AND conversation_id = ? AND position >= ? AND position < ?",
                tenant,
                id,
                from,
                end),
            "json"),
        Deletion.without(
            Sql.of(
                "UPDATE conversations SET next_position = ? WHERE tenant = ? AND id = ?",
                from,
                tenant,
                id)));
  }

  /** Removes old idempotency records, a batch of them. */
  public static Sql idempotencyKeys(Instant before) {
    return IdempotencyKeys.purge(before, KEYS);
  }

  public static Sql oldestResponse(String tenant) {
    return Sql.of("SELECT MIN(recorded_at) FROM responses WHERE tenant = ?", tenant);
  }

  /** The oldest last update, that of conversations whose removal has begun included. */
  public static Sql oldestConversation(String tenant) {
    return Sql.of(
        """
        SELECT MIN(CASE WHEN updated_at < ? THEN updated_at + ? ELSE updated_at END)
        FROM conversations WHERE tenant = ? AND updated_day = (
          SELECT MIN(updated_day) FROM conversations WHERE tenant = ?)""",
        Retained.FIRST,
        Retained.MARK,
        tenant,
        tenant);
  }

  public static Sql run(String tenant) {
    return Sql.of(
        "SELECT ran_at, conversations, items, responses, feedback FROM purges WHERE tenant = ?",
        tenant);
  }

  /** Updates the row of a tenant's last purge, if there is one. */
  public static Sql updatePurge(String tenant, long at, Counts removed) {
    return Sql.of(
        """
        UPDATE purges SET ran_at = ?, conversations = ?, items = ?, responses = ?, feedback = ?
        WHERE tenant = ?""",
        at,
        removed.conversations(),
        removed.items(),
        removed.responses(),
        removed.feedback(),
        tenant);
  }

  public static Sql insertPurge(String tenant, long at, Counts removed) {
    return Sql.of(
        """
        INSERT INTO purges (ran_at, conversations, items, responses, feedback, tenant)
        VALUES (?, ?, ?, ?, ?, ?)""",
        at,
        removed.conversations(),
        removed.items(),
        removed.responses(),
        removed.feedback(),
        tenant);
  }

  /** Lists of the same length are the same statement, so that there are few to parse. */
  private static Sql in(Sql sql, List<String> ids) {
    int length = ids.size() == 1 ? 1 : BATCH;
    Object[] padded = new Object[length];
    for (int i = 0; i < length; i++) {
      padded[i] = SearchValue.of(ids.get(Math.min(i, ids.size() - 1)));
    }
    return sql.then(String.join(", ", Collections.nCopies(length, "?")), padded);
  }
}
