package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.InternalServerException;
import com.openai.models.conversations.ConversationCreateParams;
import com.openai.models.conversations.ConversationRetrieveParams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.storage.jpa.PostgresServer;

/** What clients see while PostgreSQL is down, slow or in use by others. */
@OnLiberty
@TestInstance(Lifecycle.PER_CLASS)
class PostgresFaultsIT {

  private static final int CLIENTS = 16;
  private static final int POOL = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** The pool's connectionTimeout of 5 seconds, on a busy machine. */
  private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(12);

  /** Within which a server always says whether it is ready, on a busy machine. */
  private static final Duration READINESS = Duration.ofMillis(1500);

  /** The driver's limit of 10 seconds, on a busy machine. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(12);

  private PostgresServer database;
  private LibertyServer server;
  private Http http;

  /** The database is down at first: that must not stop the application. */
  @BeforeAll
  void start() throws IOException, SQLException {
    database =
        new PostgresServer(
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on"));
    database.newDatabase("history");
    database.close();
    server =
        LibertyServer.named("postgres-faults")
            .environment(
                Map.of(
                    "HISTORY_BACKEND", "postgres",
                    "POSTGRES_DB_URL", database.url("history"),
                    "POSTGRES_POOL_MAX_SIZE", Integer.toString(POOL)))
            // By default there are too few threads on two processors to use up the pool.
            .override("threads.xml", "<server><executor coreThreads=\"48\"/></server>")
            .make();
    http = server.http();
    server.launch();
    server.awaitLogged(".*CWWKF0011I.*");
    assertThat(http.get("/health/live").status()).isEqualTo(200);
    assertThat(http.get("/health/ready").status()).isEqualTo(503);
    assertUnavailable(http.post("/v1/conversations", "{}"));
    database.start();
    await("the server is not ready", this::ready);
  }

  @AfterAll
  void stop() throws IOException {
    server.close();
    database.close();
  }

  @AfterEach
  void nobodyWasToldThePassword() throws IOException {
    try (Stream<Path> logs = Files.walk(server.folder().resolve("logs"))) {
      for (Path log : logs.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(log))).doesNotContain(PostgresServer.PASSWORD);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stopped", "killed"})
  void nothingAcknowledgedIsLostAndNothingIsHalfWrittenWhenPostgresIs(String fate)
      throws Exception {
    List<String> conversations = conversations(CLIENTS);
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger unavailable = new AtomicInteger();
    AtomicInteger afterwards = new AtomicInteger();
    AtomicBoolean back = new AtomicBoolean();
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String conversation = conversations.get(i);
        running.add(
            clients.submit(
                () -> {
                  for (int n = 0; !enough.get(); n++) {
                    String id = fate + "_" + conversation + "_" + n;
                    Answer answer = append(conversation, id + "_a", id + "_b");
                    if (answer.status() == 200) {
                      acknowledged.add(id);
                      if (back.get()) {
                        afterwards.incrementAndGet();
                      }
                    } else {
                      assertUnavailable(answer);
                      unavailable.incrementAndGet();
                    }
                  }
                }));
      }
      await("nobody writes", () -> acknowledged.size() > 10 * CLIENTS);
      if (fate.equals("killed")) {
        database.kill();
      } else {
        database.close();
      }
      await("the server is still ready", () -> !ready());
      await("nobody notices", () -> unavailable.get() > CLIENTS);
      database.start();
      await("the server is not ready again", this::ready);
      back.set(true);
      await("nobody writes again", () -> afterwards.get() > 10 * CLIENTS);
      enough.set(true);
      for (Future<?> client : running) {
        client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      enough.set(true);
      clients.shutdownNow();
    }
    Set<String> whole = new HashSet<>();
    for (String conversation : conversations) {
      List<String> stored = stored(conversation);
      for (int i = 0; i < stored.size(); i += 2) {
        String id = stored.get(i).substring(0, stored.get(i).length() - 2);
        assertThat(stored.subList(i, i + 2)).containsExactly(id + "_a", id + "_b");
        whole.add(id);
      }
    }
    assertThat(whole).containsAll(acknowledged);
  }

  /** The request that is broken off has deleted nothing: it is one transaction. */
  @Test
  void whatIsDeletedByAFilterIsGoneThoughPostgresIsKilledMeanwhile() throws Exception {
    int count = 1_000;
    String kept = Fixtures.response(http, "{\"user\":\"kept\"}");
    PostgresServer.run(
        database.database("history"),
        """
        INSERT INTO responses (tenant, id, recorded_at, created_at, status, end_user, metadata,
                               fingerprint, json)
        SELECT 'default', 'gone_' || n, n, n, 'completed', 'gone', '{}', 'print', '{}'
        FROM generate_series(1, %1$d) n;
        INSERT INTO feedback (tenant, id, response_id, rating, metadata, created_at)
        SELECT 'default', 'fb_gone_' || n, 'gone_' || n, 'positive', '{}', n
        FROM generate_series(1, %1$d) n;
        INSERT INTO responses (tenant, id, recorded_at, created_at, status, end_user, metadata,
                               fingerprint, json)
        SELECT 'default', 'held', 0, 0, 'completed', 'gone', '{}', 'print', '{}';
        """
            .formatted(count));
    ExecutorService clients = Executors.newSingleThreadExecutor();
    Connection other = database.database("history").getConnection();
    try {
      other.setAutoCommit(false);
      try (Statement statement = other.createStatement()) {
        statement.execute("SELECT 1 FROM responses WHERE id = 'held' FOR UPDATE");
      }
      Future<Answer> broken = clients.submit(() -> http.delete("/v1/responses?user=gone"));
      await("nobody waits for the lock", () -> connections("wait_event_type = 'Lock'") == 1);
      database.kill();
      assertUnavailable(broken.get());
      assertUnavailable(http.delete("/v1/responses?user=gone"));
      database.start();
      await("the server is not ready again", this::ready);

      int deleted = 0;
      boolean more = true;
      while (more) {
        Answer answer = http.delete("/v1/responses?user=gone");
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        deleted += answer.json().path("deleted").intValue();
        more = answer.json().path("has_more").booleanValue();
      }
      assertThat(deleted).isEqualTo(count + 1);
    } finally {
      clients.shutdownNow();
    }
    assertThat(http.get("/v1/responses?user=gone").ids()).isEmpty();
    assertThat(http.get("/v1/feedback/fb_gone_1").status()).isEqualTo(404);
    assertThat(http.get("/v1/responses/" + kept).status()).isEqualTo(200);
  }

  @Test
  void aPoolThatIsExhaustedIsUnavailableButTheServerIsReady() throws Exception {
    String conversation = conversations(1).get(0);
    ExecutorService clients = Executors.newFixedThreadPool(POOL + 1);
    try (Connection other = database.database("history").getConnection()) {
      lock(other, conversation);
      List<Future<Answer>> waiting = appendAtOnce(clients, conversation, POOL);
      await("nobody waits for the lock", () -> connections("wait_event_type = 'Lock'") == POOL);

      Instant start = Instant.now();
      Future<Answer> refused = clients.submit(() -> http.get("/v1/conversations/" + conversation));
      do {
        Instant asked = Instant.now();
        assertThat(ready()).isTrue();
        assertThat(Duration.between(asked, Instant.now())).isLessThan(READINESS);
      } while (!refused.isDone());

      assertThat(Duration.between(start, Instant.now())).isLessThan(CONNECTION_TIMEOUT);
      assertUnavailable(refused.get());
      assertThat(ready()).isTrue();
      other.rollback();
      for (Future<Answer> each : waiting) {
        assertThat(each.get().status()).isEqualTo(200);
      }
    } finally {
      clients.shutdownNow();
    }
    database.close();
    await("the server is still ready", () -> !ready());
    assertUnavailable(http.get("/v1/conversations/" + conversation));
    database.start();
    await("the server is not ready again", this::ready);
  }

  @Test
  void aRepeatWhileTheFirstRequestIsCarriedOutIsToldToWait() throws Exception {
    String conversation = conversations(1).get(0);
    ExecutorService clients = Executors.newSingleThreadExecutor();
    try (Connection other = database.database("history").getConnection()) {
      lock(other, conversation);
      Future<Answer> first = clients.submit(() -> appendOnce("slow", conversation, "x"));
      await("nobody waits for the lock", () -> connections("wait_event_type = 'Lock'") == 1);

      Answer repeat = appendOnce("slow", conversation, "x");

      assertThat(Refusal.of(repeat).code()).isEqualTo("idempotency_key_in_progress");
      assertThat(repeat.status()).isEqualTo(409);
      assertThat(repeat.header("Retry-After")).isEqualTo("1");
      other.rollback();
      assertThat(first.get().status()).isEqualTo(200);
      assertThat(appendOnce("slow", conversation, "x").text()).isEqualTo(first.get().text());
    } finally {
      clients.shutdownNow();
    }
    assertThat(stored(conversation)).hasSize(1);
  }

  /** Each client sends a request again until it is answered, as after a broken connection. */
  @Test
  void whatIsRepeatedUnderItsKeyIsThereOnceWhenPostgresIsKilled() throws Exception {
    List<String> conversations = conversations(CLIENTS);
    AtomicInteger acknowledged = new AtomicInteger();
    AtomicInteger repeated = new AtomicInteger();
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Future<Integer>> running = new ArrayList<>();
    try {
      for (String conversation : conversations) {
        running.add(
            clients.submit(
                () -> {
                  int sent = 0;
                  for (; !enough.get(); sent++) {
                    String key = conversation + "-" + sent;
                    while (appendOnce(key, conversation, key).status() != 200) {
                      repeated.incrementAndGet();
                    }
                    acknowledged.incrementAndGet();
                  }
                  return sent;
                }));
      }
      for (int kill = 1; kill <= 3; kill++) {
        int before = acknowledged.get();
        await("nobody writes", () -> acknowledged.get() > before + 5 * CLIENTS);
        int failed = repeated.get();
        database.kill();
        await("nobody notices", () -> repeated.get() > failed);
        database.start();
      }
      int before = acknowledged.get();
      await("nobody writes again", () -> acknowledged.get() > before + 5 * CLIENTS);
      enough.set(true);
      for (int i = 0; i < CLIENTS; i++) {
        int sent = running.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(stored(conversations.get(i))).hasSize(sent);
      }
    } finally {
      enough.set(true);
      clients.shutdownNow();
    }
  }

  /** Appends an item without an id under an idempotency key. */
  private Answer appendOnce(String key, String conversation, String text) {
    return http.send(
        "POST",
        "/v1/conversations/" + conversation + "/items",
        List.of("Content-Type: application/json", "Idempotency-Key: " + key),
        "{\"items\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(text)
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aDatabaseThatHangsHoldsUpOneRequestAndIsFoundWithinASecondOfItsReturn() throws Exception {
    String conversation = conversations(1).get(0);
    String path = "/v1/conversations/" + conversation;
    database.pause();
    try {
      assertUnavailable(timed(LONGEST_ANSWER, () -> http.get(path)));

      await("the server is still ready", () -> timed(READINESS, this::ready).equals(false));
      for (int i = 0; i < 20; i++) {
        assertUnavailable(timed(READINESS, () -> http.get(path)));
        assertUnavailable(timed(READINESS, () -> append(conversation, "hanging")));
        assertThat(timed(READINESS, this::ready)).isFalse();
      }
    } finally {
      database.resume();
    }
    Instant back = Instant.now();
    await("the database is not found", () -> http.get(path).status() == 200);
    assertThat(Duration.between(back, Instant.now())).isLessThan(READINESS);
    assertThat(ready()).isTrue();
    assertThat(stored(conversation)).isEmpty();
  }

  /** Asserts that the call takes less than the limit. */
  private static <T> T timed(Duration limit, Supplier<T> call) {
    Instant start = Instant.now();
    T result = call.get();
    assertThat(Duration.between(start, Instant.now())).isLessThan(limit);
    return result;
  }

  /**
   * A POST might have been carried out, and done again it would make everything once more, unless
   * it has an idempotency key.
   */
  @Test
  void whatFailedIsRepeatedByTheSdkUnlessItIsAPost() throws IOException {
    String conversation = conversations(1).get(0);
    String post = Fixtures.unique("post");
    String keyed = Fixtures.unique("keyed");
    String get = Fixtures.unique("get");
    database.close();
    await("the server is still ready", () -> !ready());
    OpenAIClient client =
        OpenAIOkHttpClient.builder().baseUrl(server.baseUrl() + "/v1").apiKey("none").build();
    try {
      assertThatThrownBy(
              () ->
                  client
                      .conversations()
                      .create(
                          ConversationCreateParams.builder()
                              .putAdditionalHeader("X-Client-Request-Id", post)
                              .build()))
          .isInstanceOf(InternalServerException.class);
      assertThatThrownBy(
              () ->
                  client
                      .conversations()
                      .create(
                          ConversationCreateParams.builder()
                              .putAdditionalHeader("X-Client-Request-Id", keyed)
                              .putAdditionalHeader("Idempotency-Key", keyed)
                              .build()))
          .isInstanceOf(InternalServerException.class);
      assertThatThrownBy(
              () ->
                  client
                      .conversations()
                      .retrieve(
                          ConversationRetrieveParams.builder()
                              .conversationId(conversation)
                              .putAdditionalHeader("X-Client-Request-Id", get)
                              .build()))
          .isInstanceOf(InternalServerException.class);
    } finally {
      client.close();
      database.start();
    }
    await("the server is not ready again", this::ready);

    await("not everything is logged", () -> requests(get) == 3);
    assertThat(requests(keyed)).isEqualTo(3);
    assertThat(requests(post)).isEqualTo(1);
  }

  /** How many requests the access log shows of those that a client named so. */
  private long requests(String clientId) {
    return server.read("http_access.log").lines().filter(l -> l.contains(clientId)).count();
  }

  @Test
  void aFaultOfTheSchemaIsAnErrorOfTheServerWithATraceInTheLog() throws SQLException {
    PostgresServer.run(
        database.database("history"), "ALTER TABLE feedback RENAME COLUMN author TO other");
    try {
      Answer failed = http.get("/v1/feedback");

      assertThat(failed.status()).as(failed.toString()).isEqualTo(500);
      server.awaitLogged(".*A request failed \\(status=500 .*method=GET route=/v1/feedback\\).*");
      server.awaitLogged(".*at org.smg.history.storage.jpa.JpaFeedbackStore.*");
      assertThat(ready()).isTrue();
    } finally {
      PostgresServer.run(
          database.database("history"), "ALTER TABLE feedback RENAME COLUMN other TO author");
    }
    assertThat(http.get("/v1/feedback").status()).isEqualTo(200);
  }

  @Test
  void thePoolsSizeCanBeChangedWhileRequestsRun() throws Exception {
    String conversation = conversations(1).get(0);
    int larger = 3 * POOL;
    ExecutorService clients = Executors.newFixedThreadPool(larger + 2);
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger served = new AtomicInteger();
    try (Connection other = database.database("history").getConnection()) {
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(
            clients.submit(
                () -> {
                  while (!enough.get()) {
                    assertThat(http.get("/v1/conversations/" + conversation).status())
                        .isEqualTo(200);
                    served.incrementAndGet();
                  }
                }));
      }
      await("nobody reads", () -> served.get() > 10);

      Files.createDirectories(server.folder().resolve("configDropins/overrides"));
      Files.writeString(
          server.folder().resolve("configDropins/overrides/pool.xml"),
          "<server><variable name=\"postgres-pool-max-size\" value=\"%d\"/></server>"
              .formatted(larger + 2));
      server.awaitLogged(".*CWWKG0017I.*");
      lock(other, conversation);
      List<Future<Answer>> waiting = appendAtOnce(clients, conversation, larger);
      await("the pool did not grow", () -> connections("wait_event_type = 'Lock'") == larger);

      other.rollback();
      for (Future<Answer> each : waiting) {
        assertThat(each.get().status()).isEqualTo(200);
      }
      int before = served.get();
      await("nobody reads", () -> served.get() > before + 10);
      enough.set(true);
      for (Future<?> reader : readers) {
        reader.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      enough.set(true);
      clients.shutdownNow();
      Files.deleteIfExists(server.folder().resolve("configDropins/overrides/pool.xml"));
    }
  }

  private List<Future<Answer>> appendAtOnce(
      ExecutorService clients, String conversation, int number) {
    List<Future<Answer>> waiting = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      String id = "at_once_" + i;
      waiting.add(clients.submit(() -> append(conversation, id + "_a", id + "_b")));
    }
    return waiting;
  }

  private static void lock(Connection connection, String conversation) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT 1 FROM conversations WHERE id = '%s' FOR UPDATE".formatted(conversation));
    }
  }

  /** How many connections to the database meet the condition. */
  private int connections(String condition) {
    try (Connection connection = database.database("history").getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'history' AND "
                    + condition)) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> conversations(int number) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      Answer created = http.post("/v1/conversations", "{}");
      assertThat(created.status()).as(created.toString()).isEqualTo(200);
      ids.add(created.id());
    }
    return ids;
  }

  private Answer append(String conversation, String... ids) {
    List<String> items = new ArrayList<>();
    for (String id : ids) {
      items.add(
          "{\"type\":\"message\",\"id\":\"%s\",\"role\":\"user\",\"content\":\"x\"}".formatted(id));
    }
    return http.post(
        "/v1/conversations/" + conversation + "/items",
        "{\"items\":[" + String.join(",", items) + "]}");
  }

  /** The ids of all items of a conversation, oldest first. */
  private List<String> stored(String conversation) {
    List<String> all = new ArrayList<>();
    String after = "";
    boolean more = true;
    while (more) {
      Answer page =
          http.get("/v1/conversations/" + conversation + "/items?limit=100&order=asc" + after);
      assertThat(page.status()).as(page.toString()).isEqualTo(200);
      all.addAll(page.ids());
      more = page.json().path("has_more").booleanValue();
      after = all.isEmpty() ? "" : "&after=" + all.get(all.size() - 1);
    }
    return all;
  }

  private static void assertUnavailable(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotNull();
    assertThat(answer.text()).doesNotContain(PostgresServer.PASSWORD);
  }

  private boolean ready() {
    try {
      return http.get("/health/ready").status() == 200;
    } catch (UncheckedIOException notListening) {
      return false;
    }
  }

  private static void await(String fault, BooleanSupplier condition) {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as(fault).isBefore(deadline);
    }
  }
}
