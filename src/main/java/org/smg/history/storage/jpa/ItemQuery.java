package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.rows.SearchValue;

/**
 * Queries for the items of one conversation: a range of an index, by position. They read columns
 * instead of entities, which costs less.
 */
final class ItemQuery {

  private final EntityManager em;
  private final Dialect dialect;
  private final Scope scope;
  private final String conversationId;
  private final long since;

  /**
   * @param since a conversation that was last updated before has no items
   */
  ItemQuery(EntityManager em, Dialect dialect, Scope scope, String conversationId, long since) {
    this.em = em;
    this.dialect = dialect;
    this.scope = scope;
    this.conversationId = conversationId;
    this.since = since;
  }

  Optional<Item> find(String itemId) {
    return select("i.itemId = :item", "")
        .setParameter("item", SearchValue.of(itemId))
        .getResultStream()
        .map(this::item)
        .findAny();
  }

  /** One more than the page has, where there are more. */
  List<Item> fetch(PageRequest page) {
    String order = "ORDER BY i.position " + page.order();
    TypedQuery<Object[]> query =
        page.after() == null
            ? select("i.position > 0", order)
            : select(behindCursor(page.order()), order)
                .setParameter("after", SearchValue.of(page.after()));
    return query.setMaxResults(page.limit() + 1).getResultStream().map(this::item).toList();
  }

  private static String behindCursor(Order order) {
    return """
        i.position %s (SELECT k.position FROM ItemRow k
                       WHERE k.tenant = :tenant AND k.conversationId = :id AND k.itemId = :after)"""
        .formatted(order == Order.ASC ? ">" : "<");
  }

  /**
   * @param after may be null
   * @throws HistoryFailure.NotFound if it is none of these items
   */
  void checkCursor(String after) {
    if (after != null && find(after).isEmpty()) {
      throw HistoryFailure.NotFound.cursor("item", after);
    }
  }

  private TypedQuery<Object[]> select(String condition, String order) {
    boolean ownOnly = scope.owner() != null;
    // Of no row of the items, so that the database looks at the conversation once.
    String jpql =
        """
        SELECT i.itemId, i.type, %s FROM ItemRow i
        WHERE i.tenant = :tenant AND i.conversationId = :id
        AND EXISTS (SELECT c.id FROM ConversationRow c
                    WHERE c.tenant = :tenant AND c.id = :id AND c.updatedAt >= :since%s)
        AND %s %s"""
            .formatted(
                dialect.readJson("i.json"),
                ownOnly ? " AND c.owner = :owner" : "",
                condition,
                order);
    TypedQuery<Object[]> query =
        NamedQuery.of(em, jpql, Object[].class, scope.key(conversationId))
            .setParameter("since", since);
    return ownOnly ? query.setParameter("owner", SearchValue.of(scope.owner())) : query;
  }

  private Item item(Object[] columns) {
    return new Item((String) columns[0], (String) columns[1], dialect.json(columns[2]));
  }
}
