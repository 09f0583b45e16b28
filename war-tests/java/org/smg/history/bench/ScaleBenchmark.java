package org.smg.history.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.jpa.PostgresServer;
import org.smg.history.wartests.LibertyServer;

/**
 * Whether the history stays as fast as it fills: the same requests at 10,000 items and at a
 * million, over 10,000 conversations of which one has 100,000.
 */
class ScaleBenchmark {

  private static final int WARM_UP = 1500;
  private static final int REQUESTS = 1500;
  private static final double SLOWER = 1.3;

  /** Parameters: conversations, items each, items of the long one, name of the fill. */
  private static final String FILL =
      """
      INSERT INTO conversations
      SELECT 'default', 'conv_%4$s_' || n, NULL, n, n, 1000000, '{"fill":"%4$s"}'
      FROM generate_series(1, %1$d) AS n;
      INSERT INTO items
      SELECT 'default', 'conv_%4$s_' || c, n, 'msg_%4$s_' || c || '_' || n, 'message', NULL, NULL, n,
             '{"id":"msg_' || n || '","type":"message","role":"user","content":"' || repeat('x', 900) || '"}'
      FROM generate_series(2, %1$d) AS c, generate_series(1, %2$d) AS n;
      INSERT INTO items
      SELECT 'default', 'conv_%4$s_1', n, 'msg_%4$s_1_' || n, 'message', NULL, NULL, n,
             '{"id":"msg_' || n || '","type":"message","role":"user","content":"' || repeat('x', 900) || '"}'
      FROM generate_series(1, %3$d) AS n;
      INSERT INTO responses (tenant, id, recorded_at, created_at, status, model, conversation_id,
        previous_response_id, metadata, fingerprint, json)
      SELECT 'default', 'resp_%4$s_' || n, n, n, 'completed', 'model', 'conv_%4$s_' || n %% %1$d,
             'resp_%4$s_' || n - 1, '{}', 'f', '{"id":"resp_' || n || '","object":"response"}'
      FROM generate_series(1, %1$d * 5) AS n;
      VACUUM ANALYZE;
      """;

  @Test
  void postgres() throws IOException, SQLException {
    try (PostgresServer database =
        new PostgresServer(Map.of("max_wal_size", "8GB", "shared_buffers", "1GB"))) {
      DataSource history = database.newDatabase("history");
      try (LibertyServer server =
          LibertyServer.named("scale")
              .environment(
                  Map.of("HISTORY_BACKEND", "postgres", "POSTGRES_DB_URL", database.url("history")))
              .start()) {
        Load load = new Load(URI.create(server.baseUrl()).getPort());
        fill(history, 90, 100, 1_000, "small");
        measure(load, "small", 900);
        Map<String, Double> small = measure(load, "small", 900);
        fill(history, 9_900, 90, 100_000, "large");
        Map<String, Double> large = measure(load, "large", 90_000);

        System.out.printf("%nBackend postgres, median milliseconds of %d requests%n", REQUESTS);
        System.out.printf("%-28s %9s %9s %6s%n", "request", "10,000", "1,000,000", "ratio");
        large.forEach(
            (name, millis) ->
                System.out.printf(
                    "%-28s %9.3f %9.3f %6.2f%n",
                    name, small.get(name), millis, millis / small.get(name)));
        large.forEach(
            (name, millis) -> assertThat(millis).as(name).isLessThan(SLOWER * small.get(name)));
      }
    }
  }

  private static void fill(
      DataSource database, int conversations, int each, int inTheLongOne, String name)
      throws SQLException {
    for (String sql : FILL.formatted(conversations, each, inTheLongOne, name).split(";\\n")) {
      PostgresServer.run(database, sql);
    }
  }

  private static Map<String, Double> measure(Load load, String fill, int depth) throws IOException {
    String conversation = "/v1/conversations/conv_" + fill + "_1";
    Map<String, Request> requests = new LinkedHashMap<>();
    requests.put(
        "append 4 items",
        new Request(
            "POST",
            conversation + "/items",
            "{\"items\":["
                + String.join(
                    ",",
                    Collections.nCopies(
                        4,
                        "{\"type\":\"message\",\"role\":\"user\",\"content\":\""
                            + "x".repeat(900)
                            + "\"}"))
                + "]}"));
    requests.put(
        "first page",
        new Request("GET", "/v1/conversations/conv_" + fill + "_2/items?limit=20&order=asc", ""));
    requests.put(
        "page in depth",
        new Request(
            "GET",
            "%s/items?limit=20&order=asc&after=msg_%s_1_%d".formatted(conversation, fill, depth),
            ""));
    requests.put(
        "chain of 100",
        new Request("GET", "/v1/responses/resp_" + fill + "_440/chain?limit=100", ""));
    requests.put("list of conversations", new Request("GET", "/v1/conversations?limit=20", ""));
    requests.put(
        "list of conversations, on",
        new Request("GET", "/v1/conversations?limit=20&after=conv_" + fill + "_80", ""));
    requests.put("list of responses", new Request("GET", "/v1/responses?limit=20", ""));
    requests.put(
        "responses of a conversation",
        new Request("GET", "/v1/responses?limit=5&conversation=conv_" + fill + "_7", ""));
    requests.put(
        "responses of a model", new Request("GET", "/v1/responses?limit=20&model=model", ""));
    Map<String, Double> millis = new LinkedHashMap<>();
    for (Map.Entry<String, Request> request : requests.entrySet()) {
      millis.put(request.getKey(), median(load, request.getValue()));
    }
    return millis;
  }

  private static double median(Load load, Request request) throws IOException {
    List<Long> nanos = new ArrayList<>();
    try (Connection connection = load.connect()) {
      for (int i = 0; i < WARM_UP + REQUESTS; i++) {
        long begin = System.nanoTime();
        connection.exchange(request.bytes(0));
        if (i >= WARM_UP) {
          nanos.add(System.nanoTime() - begin);
        }
      }
    }
    Collections.sort(nanos);
    return nanos.get(REQUESTS / 2) / 1e6;
  }
}
