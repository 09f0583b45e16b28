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

/**
 * The queries for the items that one conversation or one response has: an index range, by position.
 * Columns rather than entities: a page is written to the client as it comes from the database.
 */
final class ItemListing {

  private static final String OF_CONVERSATION =
      "%1$s.tenant = :tenant AND %1$s.conversationId = :owner";

  private static final String OF_INPUT =
      "%1$s.tenant = :tenant AND %1$s.responseId = :owner AND %1$s.direction = '"
          + ResponseItemRow.INPUT
          + "'";

  private final EntityManager em;
  private final Dialect dialect;
  private final String row;
  private final String owned;
  private final Key owner;

  private ItemListing(EntityManager em, Dialect dialect, Class<?> row, String owned, Key owner) {
    this.em = em;
    this.dialect = dialect;
    this.row = row.getSimpleName();
    this.owned = owned;
    this.owner = Texts.wanted(owner);
  }

  static ItemListing ofConversation(EntityManager em, Dialect dialect, Key conversation) {
    return new ItemListing(em, dialect, ItemRow.class, OF_CONVERSATION, conversation);
  }

  static ItemListing ofInput(EntityManager em, Dialect dialect, Key response) {
    return new ItemListing(em, dialect, ResponseItemRow.class, OF_INPUT, response);
  }

  Optional<Item> find(String itemId) {
    return select("i.itemId = :item", "")
        .setParameter("item", Texts.wanted(itemId))
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
                .setParameter("after", Texts.wanted(page.after()));
    return query.setMaxResults(page.limit() + 1).getResultStream().map(this::item).toList();
  }

  private String behindCursor(Order order) {
    return "i.position %s (SELECT k.position FROM %s k WHERE %s AND k.itemId = :after)"
        .formatted(order == Order.ASC ? ">" : "<", row, owned.formatted("k"));
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
    return em.createQuery(
            "SELECT i.itemId, i.type, %s FROM %s i WHERE %s AND %s %s"
                .formatted(dialect.readJson("i.json"), row, owned.formatted("i"), condition, order),
            Object[].class)
        .setParameter("tenant", owner.tenant())
        .setParameter("owner", owner.id());
  }

  private Item item(Object[] columns) {
    return new Item((String) columns[0], (String) columns[1], dialect.json(columns[2]));
  }
}
