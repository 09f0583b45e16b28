package org.smg.history.storage.jpa.dialect;

import java.sql.Connection;
import java.sql.PreparedStatement;
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
        FROM items i WHERE i.tenant = ? AND i.item_id IN (%s) %s
      ) copies WHERE nth = 1
      """;

  private static final String FIRST_IN_RESPONSES =
      """
      SELECT item_id, response_id, stored_at FROM (
        SELECT i.item_id, i.response_id, i.stored_at,
               ROW_NUMBER() OVER (PARTITION BY i.item_id ORDER BY i.stored_at) AS nth
        FROM response_item_ids i WHERE i.tenant = ? AND i.item_id IN (%s) %s
      ) copies WHERE nth = 1
      """;

  private static final String CONVERSATION_IN_SCOPE =
      """
      AND EXISTS (SELECT 1 FROM conversations c
                  WHERE c.tenant = i.tenant AND c.id = i.conversation_id AND c.owner = ?)""";

  private static final String RESPONSE_IN_SCOPE =
      """
      AND EXISTS (SELECT 1 FROM responses r
                  WHERE r.tenant = i.tenant AND r.id = i.response_id AND r.owner = ?)""";

  private static final String RESPONSES =
      "SELECT id, input_items, input, json FROM responses WHERE tenant = ? AND id IN (%s)";

  private StoredItems() {}

  /** What a conversation contains of these ids, by id. */
  public static Map<String, Item> inConversation(
      Connection connection, Key conversation, Collection<String> ids) throws SQLException {
    Map<String, Item> items = new HashMap<>();
    for (List<String> list : lists(ids, MOST_ITEMS)) {
      Sql sql = Sql.of(IN_CONVERSATION, conversation.tenant(), conversation.id());
      read(
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
   */
  public static Map<String, StoredItem> first(
      Connection connection, Scope scope, Collection<String> ids) throws SQLException {
    Map<String, StoredItem> first = new HashMap<>();
    Map<String, Map<String, Long>> inResponses = new HashMap<>();
    for (List<String> list : lists(ids, MOST_ITEMS)) {
      read(
          connection,
          inScope(FIRST_IN_CONVERSATIONS, CONVERSATION_IN_SCOPE, scope, list),
          row ->
              first.put(
                  row.getString(1),
                  new StoredItem(
                      new Item(row.getString(1), row.getString(2), json(row, 3)), row.getLong(4))));
      read(
          connection,
          inScope(FIRST_IN_RESPONSES, RESPONSE_IN_SCOPE, scope, list),
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
      read(
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

  private static Optional<Item> find(ItemArray input, JsonText response, String id) {
    return input.find(id).or(() -> OutputItems.find(response, id));
  }

  private static Sql inScope(String sql, String condition, Scope scope, List<String> ids) {
    boolean ownOnly = scope.owner() != null;
    Sql found = in(Sql.of(sql.formatted("%s", ownOnly ? condition : ""), scope.tenant()), ids);
    return ownOnly ? found.then("", SearchValue.of(scope.owner())) : found;
  }

  /** Puts a list of ids into a statement. */
  private static Sql in(Sql sql, List<String> ids) {
    String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
    return new Sql(sql.text().formatted(marks), sql.parameters()).then("", ids.toArray());
  }

  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private static void read(Connection connection, Sql sql, Row row) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql.text())) {
      sql.bind(query);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          row.read(rows);
        }
      }
    }
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
