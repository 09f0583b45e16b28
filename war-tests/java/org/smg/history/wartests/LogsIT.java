package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.smg.history.storage.jpa.PostgresServer;

/** What the log of a server with {@code history-log-format=json} says, and what it never says. */
@OnOneGlassFish
@TestInstance(Lifecycle.PER_CLASS)
class LogsIT {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String TRACE_PARENT = "traceparent: 00-" + TRACE + "-00f067aa0ba902b7-01";

  /** What was sent and must not be told. */
  private static final String CONTENT = "Zebrafinken-am-Ufer";

  /** How the servers begin the lines of our loggers. */
  private static final Pattern OURS =
      Pattern.compile("\\[.*?(?:] [0-9a-f]{8} |\\|)org\\.smg\\.history\\.");

  private static final String WRONG_KEY = "hk_0000000000_wrong-and-never-to-be-told";

  private PostgresServer database;
  private KeyRing keys;
  private ApplicationServer server;
  private LoggedEvents events;
  private final Set<String> secrets = new HashSet<>(Set.of(CONTENT, WRONG_KEY));
  private Http alice;

  @BeforeAll
  void start() throws IOException, SQLException {
    // What was acknowledged survives that the server is killed.
    database = new PostgresServer(Map.of("fsync", "on", "synchronous_commit", "on"));
    database.newDatabase("history");
    keys = KeyRing.named("logs");
    String key = create("alice", "history-user");
    Map<String, String> options = new TreeMap<>(keys.options("tenant"));
    options.put("HISTORY_BACKEND", "postgres");
    options.put("POSTGRES_DB_URL", database.url("history"));
    options.put("HISTORY_LOG_FORMAT", "json");
    server = TestServer.chosen().start("logs", options);
    events = new LoggedEvents(server);
    alice = as(key);
    secrets.add(PostgresServer.PASSWORD);
  }

  /** A server that is stopped says so, and in all that it has said there is nothing of these. */
  @AfterAll
  void stop() throws IOException {
    server.close();
    database.close();
    assertThat(events.named("stop"))
        .singleElement()
        .satisfies(stop -> assertThat(stop.get("uptime_s").isIntegralNumber()).isTrue());
    assertThat(server.log()).doesNotContain(secrets);
  }

  private String create(String user, String roles) {
    String key = keys.create("acme", user, roles);
    secrets.add(key);
    return key;
  }

  private Http as(String key) {
    Http http = server.http().with("Authorization: Bearer " + key, TRACE_PARENT);
    Writers.await("the key is not read", () -> http.get("/v1/nothing").status() != 401);
    return http;
  }

  @Test
  void theStartIsOneEventAndTellsTheBackend() {
    assertThat(events.named("start"))
        .singleElement()
        .satisfies(start -> assertThat(start.get("backend").textValue()).isEqualTo("postgres"));
    assertThat(events.named("setting"))
        .extracting(setting -> setting.get("message").textValue())
        .contains("Requests need an API key (history-auth=api-key, history-access=tenant)");
  }

  /** The servers name the logger in front of the message, GlassFish on a line before it. */
  @Test
  void everyLineOfTheApplicationIsAnEvent() {
    List<String> lines = server.log().lines().toList();
    List<String> messages =
        IntStream.range(0, lines.size())
            .filter(i -> OURS.matcher(lines.get(i)).lookingAt())
            .mapToObj(i -> lines.get(i) + lines.get(Math.min(i + 1, lines.size() - 1)))
            .toList();

    assertThat(messages)
        .hasSizeGreaterThan(3)
        .allSatisfy(message -> assertThat(message).contains("{\"event\":"));
  }

  @Test
  void whatIsServedIsNotLogged() {
    Answer created =
        Fixtures.stored(
            alice.post(
                "/v1/conversations",
                "{\"metadata\":{\"a\":\"%1$s\"},\"items\":[%2$s]}"
                    .formatted(CONTENT, Fixtures.messages(List.of(CONTENT)))));
    Answer found = Fixtures.stored(alice.get("/v1/conversations?metadata%5Ba%5D=" + CONTENT));
    Answer missing = alice.get("/v1/conversations/conv_missing?limit=" + CONTENT);

    // A review is logged, and it was asked for later.
    events.awaitOne(review("/v1/conversations"), "review");
    for (Answer answer : List.of(created, found, missing)) {
      assertThat(events.all())
          .filteredOn(event -> !event.get("event").textValue().equals("slow_operation"))
          .extracting(event -> event.path("request_id").textValue())
          .doesNotContain(answer.header("x-request-id"));
    }
  }

  private Answer review(String path, String... headers) {
    Http reviewer = as(create("rita", "history-reviewer"));
    return reviewer.with(headers).with("X-Access-Reason: audit").get(path);
  }

  @Test
  void aRefusedKeyIsToldOnceAndWithoutTheKey() {
    Http stranger =
        server
            .http()
            .with(
                "Authorization: Bearer " + WRONG_KEY,
                TRACE_PARENT,
                "X-Client-Request-Id: client-7");

    Answer first = stranger.get("/v1/conversations/conv_1/items/item_1");
    Answer second = stranger.get("/v1/conversations/conv_1/items/item_1");

    JsonNode event = events.awaitOne(first, "refusal");
    assertThat(fields(event))
        .containsEntry("event", "refusal")
        .containsEntry("status", "401")
        .containsEntry("reason", "invalid_api_key")
        .containsEntry("left_out", "0")
        .containsEntry("trace_id", TRACE)
        .containsEntry("client_request_id", "client-7")
        .containsEntry("method", "GET")
        .containsEntry("route", "/v1/conversations/{conversation_id}/items/{item_id}")
        .containsEntry("conversation_id", "conv_1")
        .containsEntry("item_id", "item_1")
        .doesNotContainKeys("tenant", "path");
    events.awaitOne(review("/v1/conversations"), "review");
    assertThat(events.of(second, "refusal")).isEmpty();
  }

  @Test
  void whoMayNotAndWhoSendsTooMuchIsTold() {
    Http operator = as(create("otto", "history-operator"));
    Answer forbidden = operator.get("/v1/responses/resp_1");
    Http limited = as(create("lea", "history-user --requests-per-minute 1"));
    limited.get("/v1/feedback");
    Answer tooMany = limited.get("/v1/feedback");

    assertThat(forbidden.status()).isEqualTo(403);
    assertThat(fields(events.awaitOne(forbidden, "refusal")))
        .containsEntry("reason", "insufficient_permissions")
        .containsEntry("tenant", "acme")
        .containsEntry("response_id", "resp_1")
        .containsEntry("trace_id", TRACE);
    assertThat(tooMany.status()).isEqualTo(429);
    // The first one may have been that of another request of this key.
    assertThat(events.named("refusal"))
        .filteredOn(event -> event.get("status").intValue() == 429)
        .singleElement()
        .satisfies(
            event ->
                assertThat(fields(event))
                    .containsEntry("reason", "rate_limit_exceeded")
                    .containsEntry("tenant", "acme"));
  }

  /** What a server lets through of what would break a line, or would imitate another one. */
  @Test
  void whatAClientSendsBreaksNoLine() {
    String forged = "%22%7D%20INFO:%20%7B%22event%22:%22stop%22%7D";
    Answer review =
        review(
            "/v1/responses/" + forged.replace(":", ""),
            "X-Client-Request-Id: \"} {\"event\":\"stop\"}",
            "traceparent: 00-" + TRACE.toUpperCase(Locale.ROOT) + "-00f067aa0ba902b7-01");
    Answer unknown =
        as(create("ron", "history-reviewer"))
            .with("X-Access-Reason: a%0D%0A%7B%22event%22:%22stop%22%7D%E2%80%A8x")
            .get("/v1/responses/" + "x".repeat(120));

    assertThat(fields(events.awaitOne(review, "review")))
        .containsEntry("event", "review")
        .containsEntry("reason", "audit")
        .containsEntry("response_id", forged.replace(":", ""))
        .doesNotContainKeys("client_request_id", "trace_id");
    assertThat(fields(events.awaitOne(unknown, "review")))
        .containsEntry("user", "ron")
        .containsEntry("reason", "a??{\"event\":\"stop\"}?x");
    assertThat(events.named("stop")).isEmpty();
  }

  @Test
  void anOperationThatWaitsForALockIsToldOnce() throws Exception {
    String conversation = Fixtures.conversation(alice);
    ExecutorService client = Executors.newSingleThreadExecutor();
    try (Connection other = database.database("history").getConnection()) {
      other.setAutoCommit(false);
      try (Statement lock = other.createStatement()) {
        lock.execute(
            "SELECT 1 FROM conversations WHERE id = '%s' FOR UPDATE".formatted(conversation));
      }
      Future<Answer> waiting =
          client.submit(
              () ->
                  alice.post(
                      Fixtures.items(conversation),
                      "{\"items\":[%s]}".formatted(Fixtures.messages(List.of(CONTENT)))));
      Writers.await("nobody waits for the lock", this::hasWaitedForASecond);
      other.rollback();

      Answer stored = Fixtures.stored(waiting.get(30, TimeUnit.SECONDS));

      JsonNode event = events.awaitOne(stored, "slow_operation");
      assertThat(fields(event))
          .containsEntry("event", "slow_operation")
          .containsEntry("storage_type", "conversation_item")
          .containsEntry("operation", "put")
          .containsEntry("result", "success")
          .containsEntry("tenant", "acme")
          .containsEntry("id", conversation)
          .containsEntry("conversation_id", conversation)
          .containsEntry("route", "/v1/conversations/{conversation_id}/items")
          .containsEntry("trace_id", TRACE);
      assertThat(event.get("duration_ms").intValue()).isGreaterThanOrEqualTo(1000);
    } finally {
      client.shutdownNow();
    }
  }

  private boolean hasWaitedForASecond() {
    try (Connection connection = database.database("history").getConnection();
        Statement statement = connection.createStatement();
        ResultSet count =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    + " AND clock_timestamp() - query_start > interval '1100 ms'")) {
      return count.next() && count.getInt(1) > 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFaultIsToldWithItsStackTraceInTheSameLine() throws SQLException {
    PostgresServer.run(
        database.database("history"), "ALTER TABLE feedback RENAME COLUMN author TO other");
    try {
      Answer failed = alice.get("/v1/responses/resp_1/feedback?after=" + CONTENT);
      // Whichever of the two looks into the table first.
      Answer listed = alice.get("/v1/feedback");

      assertThat(listed.status()).isEqualTo(500);
      assertThat(failed.text()).doesNotContain("author");
      JsonNode event = events.awaitOne(listed, "fault");
      assertThat(fields(event))
          .containsEntry("event", "fault")
          .containsEntry("status", "500")
          .containsEntry("route", "/v1/feedback")
          .containsEntry("tenant", "acme")
          .containsEntry("trace_id", TRACE);
      assertThat(event.get("stack").textValue())
          .contains("\tat org.smg.history.storage.jpa.JpaFeedbackStore");
    } finally {
      PostgresServer.run(
          database.database("history"), "ALTER TABLE feedback RENAME COLUMN other TO author");
    }
  }

  @Test
  void anOutageIsToldForEachRequestThatFails() throws IOException {
    String conversation = Fixtures.conversation(alice);
    database.kill();
    try {
      Answer failed =
          alice.send(
              "POST",
              Fixtures.items(conversation),
              List.of("Content-Type: application/json", "Idempotency-Key: " + CONTENT),
              "{\"items\":[%s]}"
                  .formatted(Fixtures.messages(List.of(CONTENT)))
                  .getBytes(StandardCharsets.UTF_8));

      assertThat(failed.status()).isEqualTo(503);
      assertThat(fields(events.awaitOne(failed, "fault")))
          .containsEntry("event", "fault")
          .containsEntry("status", "503")
          .containsEntry("method", "POST")
          .containsEntry("conversation_id", conversation)
          .containsEntry("tenant", "acme")
          .containsEntry("trace_id", TRACE)
          .doesNotContainKey("stack");
    } finally {
      database.start();
    }
    Writers.await(
        "the database is not found",
        () -> alice.get("/v1/conversations/" + conversation).status() == 200);
  }

  private static Map<String, String> fields(JsonNode event) {
    Map<String, String> fields = new TreeMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> each = event.fields(); each.hasNext(); ) {
      Map.Entry<String, JsonNode> field = each.next();
      assertThat(field.getValue().isValueNode()).isTrue();
      fields.put(field.getKey(), field.getValue().asText());
    }
    return fields;
  }
}
