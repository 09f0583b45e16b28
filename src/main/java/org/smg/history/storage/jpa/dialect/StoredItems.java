package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smg.history.json.OutputItems;
import org.smg.history.model.Item;
import org.smg.history.model.JsonText;
import org.smg.history.model.Key;
import org.smg.history.model.Scope;
import org.smg.history.storage.jpa.rows.ItemArray;
import org.smg.history.storage.jpa.rows.SearchValue;
import org.smg.history.storage.jpa.rows.StoredItem;

/** Looks up the content that is stored under ids of items. */
public final class StoredItems {

  /**
   * Lists of ids are padded to one of these lengths, so that there are few different statements to
   * parse and to cache. Oracle allows 1,000 entries.
   */
  private static final List<Integer> LIST_LENGTHS = List.of(1, 20, 100, 500);

  private static final int MOST_ITEMS = LIST_LENGTHS.get(LIST_LENGTHS.size() - 1);

  /** Fewer, because each may have megabytes and all of a list are in memory at once. */
  private static final int MOST_RESPONSES = LIST_LENGTHS.get(1);

  private static final String IN_CONVERSATION =
      """
      SELECT item_id, type, json FROM items
      WHERE tenant = ? AND conversation_id = ? AND item_id IN (%s)
      """;

  private static final String FIRST_IN_CONVERSATIONS =
      """
      SELECT item_id, type, json, stored_at FROM (
        SELECT i.item_id, i.type, i.json, i.stored_at,
               ROW_NUMBER() OVER (PARTITION BY i.item_id ORDER BY i.stored_at) AS nth
        FROM items i WHERE i.tenant = ? AND i.item_id IN (%s)
        AND EXISTS (SELECT 1 FROM conversations c WHERE c.tenant = i.tenant
                    AND c.id = i.conversation_id AND c.updated_at >= ? %s)
      ) copies WHERE nth = 1
      """;

  /** What came with a response into a conversation that is due is still in the response. */
  private static final String FIRST_IN_RESPONSES =
      """
      SELECT item_id, response_id, stored_at FROM (
        SELECT i.item_id, i.response_id, i.stored_at,
               ROW_NUMBER() OVER (PARTITION BY i.item_id ORDER BY i.stored_at) AS nth
        FROM (
          SELECT n.tenant, n.item_id, n.response_id, n.stored_at FROM response_item_ids n
          WHERE n.tenant = ? AND n.item_id IN (%s)
          UNION ALL
          SELECT o.tenant, o.item_id, o.response_id, o.stored_at FROM items o
          WHERE o.tenant = ? AND o.item_id IN (%s) AND o.response_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.tenant = o.tenant
                          AND c.id = o.conversation_id AND c.updated_at >= ?)
        ) i
        WHERE EXISTS (SELECT 1 FROM responses r WHERE r.tenant = i.tenant
                      AND r.id = i.response_id AND r.recorded_at >= ? %s)
      ) copies WHERE nth = 1
      """;

  private static final String OWN_CONVERSATION = "AND c.owner = ?";

  private static final String OWN_RESPONSE = "AND r.owner = ?";

  private static final String RESPONSES =
      "SELECT id, input_items, input, json FROM responses WHERE tenant = ? AND id IN (%s)";

  private static final String INPUTS =
      "SELECT id, input_items, input FROM responses WHERE tenant = ? AND id IN (%s)";

  private StoredItems() {}

  /** What a conversation contains of these ids, by id. */
  public static Map<String, Item> inConversation(
      Connection connection, Key conversation, Collection<String> ids) throws SQLException {
    Map<String, Item> items = new HashMap<>();
    for (List<String> list : lists(ids, MOST_ITEMS)) {
      Sql sql = Sql.of(IN_CONVERSATION, conversation.tenant(), conversation.id());
      Rows.read(
          connection,
          in(sql, list),
          row ->
              items.put(
                  row.getString(1), new Item(row.getString(1), row.getString(2), json(row, 3))));
    }
    return items;
  }

  /**
   * The content that was stored first under each of these ids, by id.
   *
   * @param scope what is out of it is treated as not stored
   * @param retained what is due is treated as not stored, too
   */
  public static Map<String, StoredItem> first(
      Connection connection, Scope scope, Collection<String> ids, Retained retained)
      throws SQLException {
    Map<String, StoredItem> first = new HashMap<>();
    Map<String, Map<String, Long>> inResponses = new HashMap<>();
    for (List<String> list : lists(ids, MOST_ITEMS)) {
      Rows.read(
          connection,
          inConversations(scope, list, retained),
          row ->
              first.put(
                  row.getString(1),
                  new StoredItem(
                      new Item(row.getString(1), row.getString(2), json(row, 3)), row.getLong(4))));
      Rows.read(
          connection,
          inResponses(scope, list, retained),
          row -> {
            StoredItem other = first.get(row.getString(1));
            if (other == null || other.storedAt() > row.getLong(3)) {
              inResponses
                  .computeIfAbsent(row.getString(2), response -> new HashMap<>())
                  .put(row.getString(1), row.getLong(3));
            }
          });
    }
    for (List<String> responses : lists(inResponses.keySet(), MOST_RESPONSES)) {
      Rows.read(
          connection,
          in(Sql.of(RESPONSES, scope.tenant()), responses),
          row -> {
            ItemArray input = new ItemArray(row.getString(2), json(row, 3));
            JsonText response = json(row, 4);
            inResponses
                .get(row.getString(1))
                .forEach(
                    (id, storedAt) ->
                        find(input, response, id)
                            .ifPresent(item -> first.put(id, new StoredItem(item, storedAt))));
          });
    }
    return first;
  }

  /** What was sent to the model for responses, by their ids. */
  public static Map<String, List<Item>> inputs(
      Connection connection, String tenant, Collection<String> responses) throws SQLException {
    Map<String, List<Item>> inputs = new HashMap<>();
    for (List<String> list : lists(responses, MOST_RESPONSES)) {
      Rows.read(
          connection,
          in(Sql.of(INPUTS, tenant), list),
          row -> inputs.put(row.getString(1), input(row, 2)));
    }
    return inputs;
  }

  /** Reads an input of two columns. */
  static List<Item> input(ResultSet row, int firstColumn) throws SQLException {
    return new ItemArray(row.getString(firstColumn), json(row, firstColumn + 1)).content();
  }

  private static Optional<Item> find(ItemArray input, JsonText response, String id) {
    return input.find(id).or(() -> OutputItems.find(response, id));
  }

  private static Sql inConversations(Scope scope, List<String> ids, Retained retained) {
    String text = FIRST_IN_CONVERSATIONS.formatted(marks(ids), own(scope, OWN_CONVERSATION));
    return owned(
        scope,
        Sql.of(text, scope.tenant()).then("", ids.toArray()).then("", retained.conversations()));
  }

  private static Sql inResponses(Scope scope, List<String> ids, Retained retained) {
    String marks = marks(ids);
    String text = FIRST_IN_RESPONSES.formatted(marks, marks, own(scope, OWN_RESPONSE));
    return owned(
        scope,
        Sql.of(text, scope.tenant())
            .then("", ids.toArray())
            .then("", scope.tenant())
            .then("", ids.toArray())
            .then("", retained.conversations(), retained.responses()));
  }

  private static String own(Scope scope, String condition) {
    return scope.owner() == null ? "" : condition;
  }

  private static Sql owned(Scope scope, Sql sql) {
    return scope.owner() == null ? sql : sql.then("", SearchValue.of(scope.owner()));
  }

  private static String marks(List<String> ids) {
    return String.join(", ", Collections.nCopies(ids.size(), "?"));
  }

  /** Puts a list of ids into a statement. */
  private static Sql in(Sql sql, List<String> ids) {
    return new Sql(sql.text().formatted(marks(ids)), sql.parameters()).then("", ids.toArray());
  }

  private static JsonText json(ResultSet row, int column) throws SQLException {
    String json = row.getString(column);
    return json == null ? null : JsonText.of(json);
  }

  /** The ids in lists of at most so many. */
  private static List<List<String>> lists(Collection<String> ids, int most) {
    List<String> searched = ids.stream().map(SearchValue::of).toList();
    List<List<String>> lists = new ArrayList<>();
    for (int from = 0; from < searched.size(); from += most) {
      int to = Math.min(from + most, searched.size());
      lists.add(padded(searched.subList(from, to)));
    }
    return lists;
  }

  /** The values, with the last one repeated up to one of the lengths. */
  private static List<String> padded(List<String> values) {
    int length = LIST_LENGTHS.stream().filter(n -> n >= values.size()).findFirst().orElseThrow();
    List<String> padded = new ArrayList<>(values);
    padded.addAll(Collections.nCopies(length - values.size(), values.get(values.size() - 1)));
    return padded;
  }
}
