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
import org.smg.history.model.TimeRange;

/**
 * The query for a page of a list: one index range, from the cursor on. Where labels are asked for,
 * the range is that of the first label.
 */
final class Listing<R> {

  private final Class<R> row;
  private final String noun;
  private final List<String> times;
  private final Map<String, Object> parameters = new HashMap<>();
  private final StringJoiner conditions = new StringJoiner(" AND ");
  private String from;
  private String listed = "r";
  private String listedId = "r.id";

  /**
   * @param noun what an entry is called
   * @param times the fields by which entries are ordered, before their ids
   */
  Listing(Class<R> row, String noun, String tenant, List<String> times) {
    this.row = row;
    this.noun = noun;
    this.times = times;
    this.from = row.getSimpleName() + " r";
    conditions.add("r.tenant = :tenant");
    parameters.put("tenant", Texts.wanted(tenant));
  }

  /**
   * Lists entries with this value alone.
   *
   * @param value null lets everything pass
   */
  Listing<R> with(String field, String value) {
    if (value != null) {
      conditions.add("r.%1$s = :%1$s".formatted(field));
      parameters.put(field, Texts.wanted(value));
    }
    return this;
  }

  /**
   * Lists entries with all these labels alone.
   *
   * @param labelRow the rows of labels
   * @param id their field with the entry's id
   */
  Listing<R> labelled(Metadata labels, Class<?> labelRow, String id) {
    List<String> wanted = Labels.of(labels);
    for (int i = 0; i < wanted.size(); i++) {
      String alias = "l" + i;
      from += ", %s %s".formatted(labelRow.getSimpleName(), alias);
      conditions.add(
          "%1$s.tenant = :tenant AND %1$s.label = :%1$s AND %1$s.%2$s = r.id".formatted(alias, id));
      parameters.put(alias, wanted.get(i));
    }
    if (!wanted.isEmpty()) {
      listed = "l0";
      listedId = "l0." + id;
    }
    return this;
  }

  Listing<R> created(TimeRange range) {
    if (range.from() != null) {
      conditions.add(listed + ".createdAt >= :from");
      parameters.put("from", Micros.of(range.from()));
    }
    if (range.until() != null) {
      conditions.add(listed + ".createdAt < :until");
      parameters.put("until", Micros.of(range.until()));
    }
    return this;
  }

  /**
   * @throws HistoryFailure.NotFound if the cursor is none of the tenant's entries
   */
  Page<R> page(EntityManager em, PageRequest page) {
    if (page.after() != null) {
      conditions.add(behindCursor(page.order() == Order.ASC ? ">" : "<"));
      parameters.put("after", Texts.wanted(page.after()));
    }
    StringJoiner order = new StringJoiner(", ");
    times.forEach(time -> order.add("%s.%s %s".formatted(listed, time, page.order())));
    order.add("%s %s".formatted(listedId, page.order()));
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
   * Compares time by time, then the ids. That the first time is not before the cursor's follows
   * from the rest, but tells the database where in the index to begin.
   */
  private String behindCursor(String beyond) {
    String behind = "%s %s :after".formatted(listedId, beyond);
    for (int i = times.size() - 1; i >= 0; i--) {
      String time = listed + "." + times.get(i);
      String cursor =
          "(SELECT k.%s FROM %s k WHERE k.tenant = :tenant AND k.id = :after)"
              .formatted(times.get(i), row.getSimpleName());
      behind =
          "%1$s %2$s= %3$s AND (%1$s %2$s %3$s OR %4$s)".formatted(time, beyond, cursor, behind);
    }
    return behind;
  }

  private void checkCursor(EntityManager em, String after) {
    Long found =
        em.createQuery(
                "SELECT COUNT(k) FROM %s k WHERE k.tenant = :tenant AND k.id = :after"
                    .formatted(row.getSimpleName()),
                Long.class)
            .setParameter("tenant", parameters.get("tenant"))
            .setParameter("after", Texts.wanted(after))
            .getSingleResult();
    if (found == 0) {
      throw HistoryFailure.NotFound.cursor(noun, after);
    }
  }
}
