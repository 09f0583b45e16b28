package org.smg.history.bench;

import java.util.ArrayList;
import java.util.List;

/** What the history sends to PostgreSQL, with values of the same sizes. */
final class PgbenchScripts {

  /** Makes what the scripts work on. */
  static final String PREPARATION =
      """
      INSERT INTO conversations
      SELECT 'bench', 'conv_' || n, NULL, n, n, 1, '{}' FROM generate_series(1, 4096) AS n;
      INSERT INTO conversations
      SELECT 'bench', 'list_' || n, NULL, n, n, 101, '{}' FROM generate_series(1, 64) AS n;
      INSERT INTO items
      SELECT 'bench', 'list_' || c, n, 'msg_' || n, 'message', NULL, NULL, n, %s
      FROM generate_series(1, 64) AS c, generate_series(1, 100) AS n;
      """
          .formatted(json(1024));

  private static final String RANDOM =
      """
      \\set c random(1, 4096)
      \\set r random(1, 9000000000000000)
      """;

  private PgbenchScripts() {}

  static String append() {
    return RANDOM
        + "WITH "
        + conversation()
        + "\n"
        + items(List.of(1024, 1024, 1024, 1024))
        + ";\n";
  }

  static String list() {
    return """
        \\set c random(1, 64)
        SELECT item_id, type, json FROM items
        WHERE tenant = 'bench' AND conversation_id = 'list_' || :c AND position > 0
        ORDER BY position DESC LIMIT 101;
        """;
  }

  /** A message in; reasoning, a function call and a message out; five kilobytes in all. */
  static String record() {
    return RANDOM
        + "WITH "
        + conversation()
        + ", appended AS (\n"
        + items(List.of(1024, 110, 150, 2500))
        + """
        ), labelled AS (
        INSERT INTO response_labels (tenant, label, created_at, recorded_at, response_id)
        SELECT 'bench', 'BCfMGErjT1eM3aYdCVVAZg', 1, 1, 'resp_' || :r FROM conversation)
        INSERT INTO responses (tenant, id, recorded_at, created_at, completed_at, status, model,
          conversation_id, input_tokens, cached_tokens, output_tokens, reasoning_tokens,
          total_tokens, metadata, fingerprint, input_items, input, json)
        SELECT 'bench', 'resp_' || :r, 1, 1, 1, 'completed', 'gpt-5.1', 'conv_' || :c,
          1, 1, 1, 1, 1, '{"application":"shop"}', repeat('f', 64),
          '1 1024 msg_' || :r || '_1 message', %s, %s
        FROM conversation;
        """
            .formatted(json(1024), json(4096));
  }

  private static String conversation() {
    return """
        conversation AS (
        UPDATE conversations SET next_position = next_position + 4, updated_at = 1
        WHERE tenant = 'bench' AND id = 'conv_' || :c RETURNING next_position - 4 AS first)""";
  }

  private static String items(List<Integer> sizes) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      rows.add("(%d, %s, %s)".formatted(i, id(i + 1), json(sizes.get(i))));
    }
    return """
        INSERT INTO items (tenant, conversation_id, position, item_id, type, stored_at, json)
        SELECT 'bench', 'conv_' || :c, conversation.first + item.nth, item.id, 'message', 1, item.json
        FROM conversation, (VALUES %s) AS item (nth, id, json)"""
        .formatted(String.join(", ", rows));
  }

  private static String id(int number) {
    return "'msg_' || :r || '_%d'".formatted(number);
  }

  private static String json(int bytes) {
    String prose = "Die Lieferung aus dem Lager kommt am Montag. The history of a chat keeps all. ";
    String text = prose.repeat(bytes / prose.length() + 1);
    return "'{\"content\":\"" + text.substring(0, bytes - 15) + "\"}'";
  }
}
