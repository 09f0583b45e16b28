package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
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

  private static final String FROM =
      " FROM ResponseInputRow r WHERE r.tenant = :tenant AND r.id = :id";

  private static final String PLACES = "SELECT r.owner, r.places, ";

  private final Dialect dialect;
  private final String whole;
  private final Optional<String> part;

  InputQuery(Dialect dialect) {
    this.dialect = dialect;
    this.whole = PLACES + dialect.readJson("r.input") + FROM;
    this.part =
        dialect
            .readJson("r.input", ":from", ":length")
            .map(expression -> PLACES + expression + FROM);
  }

  /**
   * @throws HistoryFailure.NotFound if there is no such response in scope, or the cursor is not
   *     among its input
   */
  Page<Item> page(EntityManager em, Scope scope, String id, PageRequest page) {
    Key key = scope.key(id);
    Object[] columns =
        part.map(query -> part(em, query, key, 0, BEGINNING))
            .orElseGet(() -> NamedQuery.of(em, whole, Object[].class, key))
            .getResultStream()
            .filter(found -> scope.includes((String) found[0]))
            .findAny()
            .orElseThrow(() -> HistoryFailure.NotFound.response(id));
    ItemArray beginning = new ItemArray((String) columns[1], dialect.json(columns[2]));
    List<ItemArray.Place> fetched = fetch(beginning.items(), page);
    if (fetched.isEmpty()) {
      return Page.empty();
    }
    return Page.ofFetched(cut(em, key, beginning.json(), fetched), page.limit());
  }

  private static TypedQuery<Object[]> part(
      EntityManager em, String query, Key key, int from, int length) {
    return NamedQuery.of(em, query, Object[].class, key)
        .setParameter("from", from + 1)
        .setParameter("length", length);
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

  private List<Item> cut(
      EntityManager em, Key key, JsonText beginning, List<ItemArray.Place> fetched) {
    int from = fetched.stream().mapToInt(ItemArray.Place::offset).min().orElseThrow();
    int to = fetched.stream().mapToInt(ItemArray.Place::end).max().orElseThrow();
    if (to <= beginning.length()) {
      return fetched.stream().map(place -> place.cut(beginning, 0)).toList();
    }
    JsonText read =
        part(em, part.orElseThrow(), key, from, to - from)
            .getResultStream()
            .findAny()
            .map(columns -> dialect.json(columns[2]))
            .orElseThrow(() -> HistoryFailure.NotFound.response(key.id()));
    return fetched.stream().map(place -> place.cut(read, from)).toList();
  }
}
