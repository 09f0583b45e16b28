package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Metadata;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.model.TimeRange;
import org.smg.history.storage.jpa.rows.EpochMicros;
import org.smg.history.storage.jpa.rows.LabelDigests;
import org.smg.history.storage.jpa.rows.SearchValue;

/**
 * The query for a page of a list: one range of an index, from the cursor on. With a filter by
 * labels, it is the index of the first label.
 */
final class ListQuery<R> {

  private final Class<R> row;
  private final String noun;
  private final List<String> times;
  private final boolean ownOnly;
  private final Map<String, Object> parameters = new HashMap<>();
  private final StringJoiner conditions = new StringJoiner(" AND ");
  private String retained;
  private String from;
  private String ordered = "r";
  private String orderedId = "r.id";

  /**
   * @param noun what an entry is called in messages
   * @param times the fields by which entries are ordered, before their ids
   */
  ListQuery(Class<R> row, String noun, Scope scope, List<String> times) {
    this.row = row;
    this.noun = noun;
    this.times = times;
    this.ownOnly = scope.owner() != null;
    this.from = row.getSimpleName() + " r";
    conditions.add("r.tenant = :tenant");
    parameters.put("tenant", SearchValue.of(scope.tenant()));
    where("owner", scope.owner());
  }

  /**
   * Lists only entries with this value.
   *
   * @param value null does not filter
   */
  ListQuery<R> where(String field, String value) {
    if (value != null) {
      conditions.add("r.%1$s = :%1$s".formatted(field));
      parameters.put(field, SearchValue.of(value));
    }
    return this;
  }

  /**
   * Lists only entries with all of these labels.
   *
   * @param labelRow the entity of labels
   * @param entryId its field with the entry's id
   */
  ListQuery<R> withLabels(Metadata labels, Class<?> labelRow, String entryId) {
    List<String> digests = LabelDigests.of(labels);
    for (int i = 0; i < digests.size(); i++) {
      String alias = "l" + i;
      from += ", %s %s".formatted(labelRow.getSimpleName(), alias);
      conditions.add(
          "%1$s.tenant = :tenant AND %1$s.label = :%1$s AND %1$s.%2$s = r.id"
              .formatted(alias, entryId));
      parameters.put(alias, digests.get(i));
    }
    if (!digests.isEmpty()) {
      ordered = "l0";
      orderedId = "l0." + entryId;
    }
    return this;
  }

  /**
   * Lists only entries that are retained.
   *
   * @param condition in which {@code %1$s} stands for the entry and {@code :since} for a time
   * @param since in microseconds
   */
  ListQuery<R> retained(String condition, long since) {
    retained = condition;
    conditions.add(condition.formatted("r"));
    parameters.put("since", since);
    return this;
  }

  /** Lists only entries that were created in this range. */
  ListQuery<R> created(TimeRange range) {
    if (range.from() != null) {
      conditions.add(ordered + ".createdAt >= :from");
      parameters.put("from", EpochMicros.of(range.from()));
    }
    if (range.until() != null) {
      conditions.add(ordered + ".createdAt < :until");
      parameters.put("until", EpochMicros.of(range.until()));
    }
    return this;
  }

  /**
   * @throws HistoryFailure.NotFound if the cursor is no entry in scope
   */
  Page<R> page(EntityManager em, PageRequest page) {
    if (page.after() != null) {
      conditions.add(behindCursor(page.order() == Order.ASC ? ">" : "<"));
      parameters.put("after", SearchValue.of(page.after()));
    }
    StringJoiner order = new StringJoiner(", ");
    times.forEach(time -> order.add("%s.%s %s".formatted(ordered, time, page.order())));
    order.add("%s %s".formatted(orderedId, page.order()));
    TypedQuery<R> query =
        em.createQuery(
            "SELECT r FROM %s WHERE %s ORDER BY %s".formatted(from, conditions, order), row);
    parameters.forEach(query::setParameter);
    List<R> rows = query.setMaxResults(page.limit() + 1).getResultList();
    if (rows.isEmpty() && page.after() != null) {
      checkCursor(em, page.after());
    }
    return Page.ofFetched(rows, page.limit());
  }

  /**
   * Compares time by time, then the ids. The outer comparison of the first time follows from the
   * others; it tells the database where in the index to begin.
   */
  private String behindCursor(String beyond) {
    String behind = "%s %s :after".formatted(orderedId, beyond);
    for (int i = times.size() - 1; i >= 0; i--) {
      String time = ordered + "." + times.get(i);
      String cursor = "(SELECT k.%s FROM %s)".formatted(times.get(i), cursor());
      behind =
          "%1$s %2$s= %3$s AND (%1$s %2$s %3$s OR %4$s)".formatted(time, beyond, cursor, behind);
    }
    return behind;
  }

  private String cursor() {
    return "%s k WHERE k.tenant = :tenant AND k.id = :after%s%s"
        .formatted(
            row.getSimpleName(),
            ownOnly ? " AND k.owner = :owner" : "",
            retained == null ? "" : " AND " + retained.formatted("k"));
  }

  private void checkCursor(EntityManager em, String after) {
    TypedQuery<Long> count =
        em.createQuery("SELECT COUNT(k) FROM " + cursor(), Long.class)
            .setParameter("tenant", parameters.get("tenant"))
            .setParameter("after", parameters.get("after"));
    for (String name : List.of("owner", "since")) {
      if (parameters.containsKey(name)) {
        count.setParameter(name, parameters.get(name));
      }
    }
    if (count.getSingleResult() == 0) {
      throw HistoryFailure.NotFound.cursor(noun, after);
    }
  }
}
