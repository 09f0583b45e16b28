package org.smg.history.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
      SELECT 'bench', 'list_' || c, n, 'msg_' || n, 'message', n, %s
      FROM generate_series(1, 64) AS c, generate_series(1, 100) AS n;
      """
          .formatted(json(1024));

  private static final String RESERVE =
      """
      \\set c random(1, 4096)
      \\set r random(1, 9000000000000000)
      BEGIN;
      UPDATE conversations SET next_position = next_position + 4, updated_at = 1
      WHERE tenant = 'bench' AND id = 'conv_' || :c RETURNING next_position - 4 AS first \\gset
      \\startpipeline
      SELECT item_id, type, json FROM items
      WHERE tenant = 'bench' AND conversation_id = 'conv_' || :c AND item_id = ANY (ARRAY[%1$s]);
      """;

  private PgbenchScripts() {}

  static String append() {
    return begin() + items(List.of(1024, 1024, 1024, 1024)) + end();
  }

  static String list() {
    return """
        \\set c random(1, 64)
        SELECT conversation_id, position, tenant, item_id, json, stored_at, type FROM items
        WHERE tenant = 'bench' AND conversation_id = 'list_' || :c AND position > 0
        ORDER BY position DESC LIMIT 101;
        """;
  }

  /** A message in; reasoning, a function call and a message out; five kilobytes in all. */
  static String record() {
    List<Integer> sizes = List.of(1024, 110, 150, 2500);
    return begin()
        + """
        INSERT INTO responses (tenant, id, recorded_at, created_at, completed_at, status, model,
          conversation_id, input_tokens, cached_tokens, output_tokens, reasoning_tokens,
          total_tokens, metadata, fingerprint, json)
        VALUES ('bench', 'resp_' || :r, 1, 1, 1, 'completed', 'gpt-5.1', 'conv_' || :c,
          1, 1, 1, 1, 1, '{"application":"shop"}', repeat('f', 64), %s);
        INSERT INTO response_labels (tenant, label, created_at, recorded_at, response_id)
        VALUES ('bench', 'BCfMGErjT1eM3aYdCVVAZg', 1, 1, 'resp_' || :r);
        """
            .formatted(json(4096))
        + "INSERT INTO response_items (tenant, response_id, direction, position, item_id, type,"
        + " stored_at, json) VALUES "
        + rows(sizes, "('bench', 'resp_' || :r, 'output', %1$d, %2$s, 'message', 1, %3$s)")
        + items(sizes)
        + end();
  }

  private static String begin() {
    return RESERVE.formatted(
        IntStream.rangeClosed(1, 4).mapToObj(PgbenchScripts::id).collect(Collectors.joining(", ")));
  }

  private static String end() {
    return "COMMIT;\n\\endpipeline\n";
  }

  private static String items(List<Integer> sizes) {
    return "INSERT INTO items (tenant, conversation_id, position, item_id, type, stored_at, json)"
        + " VALUES "
        + rows(sizes, "('bench', 'conv_' || :c, :first + %1$d, %2$s, 'message', 1, %3$s)");
  }

  private static String rows(List<Integer> sizes, String row) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < sizes.size(); i++) {
      rows.add(row.formatted(i, id(i + 1), json(sizes.get(i))));
    }
    return String.join(", ", rows) + ";\n";
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
