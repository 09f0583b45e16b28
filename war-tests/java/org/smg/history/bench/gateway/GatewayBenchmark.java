package org.smg.history.bench.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.smg.history.bench.Latencies;
import org.smg.history.bench.Measurement;
import org.smg.history.storage.jpa.PostgresServer;
import org.smg.history.wartests.LibertyServer;
import org.smg.history.wartests.model.ModelProcess;
import org.smg.history.wartests.model.Pace;

/**
 * What a turn through the gateway takes longer than what cannot be saved: the call of the model
 * server, and the commits of prompt and answer. Both are measured in turns, at a constant rate. It
 * fails when any answer is not 200; the figures are for people to judge.
 */
class GatewayBenchmark {

  private static final boolean QUICK = Boolean.getBoolean("bench.quick");

  /** Until the JVM's compilers are done with what runs once a turn: they take 20,000 turns. */
  private static final Duration WARM_UP = Duration.ofSeconds(QUICK ? 1 : 120);

  private static final Duration DIRECT_WARM_UP = Duration.ofSeconds(QUICK ? 1 : 10);
  private static final Duration EACH = Duration.ofSeconds(QUICK ? 1 : 10);
  private static final int ROUNDS = QUICK ? 1 : 5;

  private static final int PER_SECOND = 200;
  private static final int CALLERS = 64;
  private static final OpenLoop LOOP = new OpenLoop(PER_SECOND, CALLERS);

  /** So many that each one gets a few turns, and has rested for seconds when it gets the next. */
  private static final int CONVERSATIONS = QUICK ? 100 : 8000;

  private static final Pace PACE = new Pace(Duration.ofMillis(20), 10, 10, Duration.ZERO);
  private static final String PROMPT = "Will it rain? " + "x".repeat(1000);

  private static final int LOG_FILES = 64;

  private static final Map<String, String> DURABLE =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "min_wal_size", "2GB",
          "max_wal_size", "8GB",
          "shared_buffers", "512MB");

  private final AtomicInteger turns = new AtomicInteger();

  private enum Kind {
    WHOLE("the whole answer", "direct, two commits", 2, 13),
    FIRST_EVENT("the first event", "direct, one commit", 1, Double.NaN);

    private final String what;
    private final String reference;
    private final double p50Limit;
    private final double p99Limit;

    Kind(String what, String reference, double p50Limit, double p99Limit) {
      this.what = what;
      this.reference = reference;
      this.p50Limit = p50Limit;
      this.p99Limit = p99Limit;
    }

    private boolean isStream() {
      return this == FIRST_EVENT;
    }
  }

  @Test
  void postgres() throws IOException, InterruptedException, SQLException {
    try (PostgresServer database = new PostgresServer(DURABLE);
        ModelProcess model = ModelProcess.start(PACE)) {
      database.newDatabase("history");
      DataSource own = database.newDatabase("own");
      makeLogFiles(own);
      PostgresServer.run(own, "CREATE TABLE direct (id bigserial PRIMARY KEY, json text NOT NULL)");
      try (LibertyServer server =
          LibertyServer.named("bench-gateway")
              .environment(
                  Map.of(
                      "HISTORY_BACKEND", "postgres",
                      "POSTGRES_DB_URL", database.url("history"),
                      "MODEL_SERVER_URL", model.url()))
              .start()) {
        int port = URI.create(server.baseUrl()).getPort();
        List<String> conversations = conversations(server.baseUrl());
        System.out.printf(
            "%n%d turns a second, the model answers after %d ms, %d processors, medians of %d x %d s%n",
            PER_SECOND,
            PACE.first().toMillis(),
            Runtime.getRuntime().availableProcessors(),
            ROUNDS,
            EACH.toSeconds());
        for (Kind kind : Kind.values()) {
          compare(
              kind,
              () -> new Direct(kind, model.port(), own.getConnection()),
              () -> new ThroughGateway(kind, port, conversations));
        }
      }
    }
  }

  /**
   * A server that has run for a while uses the files of its write-ahead log again. A new one makes
   * each of them, 16 MB, while commits wait.
   */
  private static void makeLogFiles(DataSource database) throws SQLException {
    for (int i = 0; i < (QUICK ? 1 : LOG_FILES); i++) {
      PostgresServer.run(database, "SELECT pg_logical_emit_message(false, 'bench', 'x')");
      PostgresServer.run(database, "SELECT pg_switch_wal()");
    }
    PostgresServer.run(database, "CHECKPOINT");
  }

  private static List<String> conversations(String url) throws IOException, InterruptedException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest create =
        HttpRequest.newBuilder(URI.create(url + "/v1/conversations"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < CONVERSATIONS; i++) {
      String created = client.send(create, BodyHandlers.ofString()).body();
      int from = created.indexOf("\"conv_") + 1;
      ids.add(created.substring(from, created.indexOf('"', from)));
    }
    return ids;
  }

  private static void compare(
      Kind kind, Callable<OpenLoop.Caller> direct, Callable<OpenLoop.Caller> throughGateway)
      throws IOException, InterruptedException {
    LOOP.run(direct, DIRECT_WARM_UP);
    LOOP.run(throughGateway, WARM_UP);
    List<Measurement> directly = new ArrayList<>();
    List<Measurement> through = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      directly.add(measurement(LOOP.run(direct, EACH)));
      through.add(measurement(LOOP.run(throughGateway, EACH)));
    }
    Measurement reference = Measurement.median(directly);
    Measurement gateway = Measurement.median(through);
    System.out.printf("%-36s %8s %8s%n", kind.what, "p50 ms", "p99 ms");
    print(kind.reference, reference.p50Millis(), reference.p99Millis());
    print("through the gateway", gateway.p50Millis(), gateway.p99Millis());
    print(
        "difference",
        gateway.p50Millis() - reference.p50Millis(),
        gateway.p99Millis() - reference.p99Millis());
    print("limit", kind.p50Limit, kind.p99Limit);
  }

  private static Measurement measurement(Latencies latencies) {
    return new Measurement(
        latencies.count() / (double) EACH.toSeconds(),
        latencies.millis(0.5),
        latencies.millis(0.99));
  }

  private static void print(String what, double p50, double p99) {
    System.out.printf(Locale.ROOT, "  %-34s %8.2f %8.2f%n", what, p50, p99);
  }

  private static String body(Kind kind, String more) {
    return "{\"model\":\"echo\",\"input\":\"%s\",\"stream\":%s%s}"
        .formatted(PROMPT, kind.isStream(), more);
  }

  private static long exchange(TurnConnection connection, Kind kind, byte[] request)
      throws IOException {
    connection.send(request);
    if (!kind.isStream()) {
      return connection.awaitWhole();
    }
    long first = connection.awaitEvent();
    connection.awaitCompleted();
    return first;
  }

  /** What an application does that calls the model server and stores both by itself. */
  private static final class Direct implements OpenLoop.Caller {

    private final Kind kind;
    private final TurnConnection model;
    private final Connection database;
    private final PreparedStatement insert;
    private final byte[] request;

    Direct(Kind kind, int port, Connection database) throws IOException, SQLException {
      this.kind = kind;
      this.model = new TurnConnection(port);
      this.database = database;
      this.insert = database.prepareStatement("INSERT INTO direct (json) VALUES (?)");
      this.request = TurnConnection.request(body(kind, ""));
    }

    @Override
    public long call() throws IOException {
      commit();
      long answered = exchange(model, kind, request);
      commit();
      return kind.isStream() ? answered : System.nanoTime();
    }

    private void commit() throws IOException {
      try {
        insert.setString(1, PROMPT);
        insert.executeUpdate();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      model.close();
      try {
        database.close();
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }

  private final class ThroughGateway implements OpenLoop.Caller {

    private final Kind kind;
    private final TurnConnection gateway;
    private final List<String> conversations;

    ThroughGateway(Kind kind, int port, List<String> conversations) throws IOException {
      this.kind = kind;
      this.gateway = new TurnConnection(port);
      this.conversations = conversations;
    }

    @Override
    public long call() throws IOException {
      String conversation = conversations.get(turns.getAndIncrement() % conversations.size());
      return exchange(
          gateway,
          kind,
          TurnConnection.request(body(kind, ",\"conversation\":\"" + conversation + "\"")));
    }

    @Override
    public void close() throws IOException {
      gateway.close();
    }
  }
}
