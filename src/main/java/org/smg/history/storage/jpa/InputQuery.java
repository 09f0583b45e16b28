package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Order;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.rows.ItemArray;

/**
 * Reads pages of what was sent to the model for a response. The beginning of the input comes along
 * with the places of its items. Where a page lies behind it, only the page's part is read.
 */
final class InputQuery {

  /** In bytes. */
  private static final int BEGINNING = 65_536;

  private final EntityManager em;
  private final Dialect dialect;
  private final Scope scope;
  private final String responseId;
  private final long since;

  /**
   * @param since a response that was recorded before is not found
   */
  InputQuery(EntityManager em, Dialect dialect, Scope scope, String responseId, long since) {
    this.em = em;
    this.dialect = dialect;
    this.scope = scope;
    this.responseId = responseId;
    this.since = since;
  }

  /**
   * @throws HistoryFailure.NotFound if there is no such response in scope, or the cursor is not
   *     among its input
   */
  Page<Item> page(PageRequest page) {
    ItemArray beginning = read(0, BEGINNING);
    List<ItemArray.Place> fetched = fetch(beginning.items(), page);
    int from = fetched.stream().mapToInt(ItemArray.Place::offset).min().orElse(0);
    int end = fetched.stream().mapToInt(ItemArray.Place::end).max().orElse(0);
    boolean within = fetched.isEmpty() || end <= beginning.json().length();
    JsonText part = within ? beginning.json() : read(from, end - from).json();
    List<Item> items = fetched.stream().map(place -> place.cut(part, within ? 0 : from)).toList();
    return Page.ofFetched(items, page.limit());
  }

  /** All places, and a part of the array. */
  private ItemArray read(int from, int length) {
    String jpql =
        "SELECT r.owner, r.places, %s FROM ResponseInputRow r WHERE r.tenant = :tenant AND r.id = :id AND r.recordedAt >= :since"
            .formatted(dialect.readJson("r.input", from, length));
    // Every other part is a query of its own, which is not worth a name.
    TypedQuery<Object[]> query =
        from == 0 ? NamedQuery.of(em, jpql, Object[].class) : em.createQuery(jpql, Object[].class);
    return NamedQuery.withKey(query, scope.key(responseId))
        .setParameter("since", since)
        .getResultStream()
        .filter(columns -> scope.includes((String) columns[0]))
        .findAny()
        .map(columns -> new ItemArray((String) columns[1], dialect.json(columns[2])))
        .orElseThrow(() -> HistoryFailure.NotFound.response(responseId));
  }

  /** One more than the page has, where there are more. */
  private static List<ItemArray.Place> fetch(List<ItemArray.Place> all, PageRequest page) {
    List<ItemArray.Place> ordered = new ArrayList<>(all);
    if (page.order() == Order.DESC) {
      Collections.reverse(ordered);
    }
    int begin = 0;
    if (page.after() != null) {
      begin =
          IntStream.range(0, ordered.size())
                  .filter(i -> ordered.get(i).id().equals(page.after()))
                  .findFirst()
                  .orElseThrow(() -> HistoryFailure.NotFound.cursor("item", page.after()))
              + 1;
    }
    return ordered.subList(begin, Math.min(begin + page.limit() + 1, ordered.size()));
  }
}
