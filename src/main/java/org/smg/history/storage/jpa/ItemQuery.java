package org.smg.history.storage.jpa;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.List;
import java.util.Optional;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Item;
import org.smg.history.model.Key;
import org.smg.history.model.Order;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.dialect.Dialect;
import org.smg.history.storage.jpa.rows.ConversationRow;
import org.smg.history.storage.jpa.rows.ItemRow;
import org.smg.history.storage.jpa.rows.ResponseItemRow;
import org.smg.history.storage.jpa.rows.ResponseRow;
import org.smg.history.storage.jpa.rows.SearchValue;

/**
 * Queries for the items of one conversation, or for the input of one response: a range of an index,
 * by position. They read columns instead of entities, which costs less.
 */
final class ItemQuery {

  private static final Container CONVERSATION =
      new Container(ConversationRow.class, ItemRow.class, "%s.conversationId = :container");

  private static final Container INPUT =
      new Container(
          ResponseRow.class,
          ResponseItemRow.class,
          "%1$s.responseId = :container AND %1$s.direction = '" + ResponseItemRow.INPUT + "'");

  private final EntityManager em;
  private final Dialect dialect;
  private final Container container;
  private final Key key;
  private final String owner;

  /**
   * What contains items.
   *
   * @param row its entity
   * @param itemRow the entity of its items
   * @param contains the condition on an item's alias
   */
  private record Container(Class<?> row, Class<?> itemRow, String contains) {

    String contains(String alias) {
      return "%s.tenant = :tenant AND ".formatted(alias) + contains.formatted(alias);
    }
  }

  private ItemQuery(
      EntityManager em, Dialect dialect, Container container, Scope scope, String id) {
    this.em = em;
    this.dialect = dialect;
    this.container = container;
    this.key = SearchValue.of(scope.key(id));
    this.owner = SearchValue.of(scope.owner());
  }

  static ItemQuery ofConversation(EntityManager em, Dialect dialect, Scope scope, String id) {
    return new ItemQuery(em, dialect, CONVERSATION, scope, id);
  }

  static ItemQuery ofInput(EntityManager em, Dialect dialect, Scope scope, String responseId) {
    return new ItemQuery(em, dialect, INPUT, scope, responseId);
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

  private String behindCursor(Order order) {
    return "i.position %s (SELECT k.position FROM %s k WHERE %s AND k.itemId = :after)"
        .formatted(
            order == Order.ASC ? ">" : "<",
            container.itemRow().getSimpleName(),
            container.contains("k"));
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
    String from = container.itemRow().getSimpleName() + " i";
    String where = container.contains("i") + " AND " + condition;
    if (owner != null) {
      from += ", " + container.row().getSimpleName() + " c";
      where += " AND c.tenant = :tenant AND c.id = :container AND c.owner = :owner";
    }
    TypedQuery<Object[]> query =
        em.createQuery(
                "SELECT i.itemId, i.type, %s FROM %s WHERE %s %s"
                    .formatted(dialect.readJson("i.json"), from, where, order),
                Object[].class)
            .setParameter("tenant", key.tenant())
            .setParameter("container", key.id());
    return owner == null ? query : query.setParameter("owner", owner);
  }

  private Item item(Object[] columns) {
    return new Item((String) columns[0], (String) columns[1], dialect.json(columns[2]));
  }
}
