package org.smg.history.bench.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.smg.history.storage.jpa.PostgresServer;
import org.smg.history.wartests.LibertyServer;
import org.smg.history.wartests.model.ModelProcess;
import org.smg.history.wartests.model.Pace;

/**
 * What a thousand streams cost that are open at the same time, an event a second on each. It fails
 * when any of them does not come to its end.
 */
class OpenStreamsBenchmark {

  private static final int STREAMS = 1000;
  private static final long HEAP_LIMIT_MEGABYTES = 512;
  private static final int THREADS_LIMIT = 64;

  /** So long that all are open when it is measured. */
  private static final int SECONDS = 60;

  private static final Pace PACE = new Pace(Duration.ZERO, SECONDS, SECONDS, Duration.ofSeconds(1));

  /** The gateway's, the other ones of the application, and those of the JDK's HTTP client. */
  private static final Pattern OWN_THREAD = Pattern.compile("\"(history-|HttpClient-)[^\"]*\".*");

  private static final Pattern LIVE = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private static final byte[] REQUEST =
      TurnConnection.request("{\"model\":\"echo\",\"input\":\"Tell me all.\",\"stream\":true}");

  @Test
  void aThousandStreams() throws IOException, SQLException {
    try (PostgresServer database = new PostgresServer(Map.of());
        ModelProcess model = ModelProcess.start(PACE)) {
      database.newDatabase("history");
      try (LibertyServer server =
          LibertyServer.named("bench-streams")
              .environment(
                  Map.of(
                      "HISTORY_BACKEND", "postgres",
                      "POSTGRES_DB_URL", database.url("history"),
                      "MODEL_SERVER_URL", model.url()))
              .start()) {
        System.out.printf(
            "%n%-20s %14s %14s %14s%n", "streams", "heap MB", "own threads", "all threads");
        print("0", server);
        List<TurnConnection> streams = open(URI.create(server.baseUrl()).getPort());
        print(Integer.toString(streams.size()), server);
        for (TurnConnection stream : streams) {
          stream.awaitCompleted();
          stream.close();
        }
        print("0 again", server);
        System.out.printf("%-20s %14d %14d%n", "limit", HEAP_LIMIT_MEGABYTES, THREADS_LIMIT);
      }
    }
  }

  private static List<TurnConnection> open(int port) throws IOException {
    List<TurnConnection> streams = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      TurnConnection stream = new TurnConnection(port);
      stream.send(REQUEST);
      streams.add(stream);
    }
    for (TurnConnection stream : streams) {
      stream.awaitEvent();
    }
    return streams;
  }

  private static void print(String streams, LibertyServer server) throws IOException {
    // It counts what is alive, after a collection.
    Matcher live = LIVE.matcher(ask(server, "GC.class_histogram"));
    if (!live.find()) {
      throw new IOException("no histogram of the heap");
    }
    List<String> threads =
        ask(server, "Thread.print").lines().filter(line -> line.startsWith("\"")).toList();
    System.out.printf(
        "%-20s %14d %14d %14d%n",
        streams,
        Long.parseLong(live.group(1)) >> 20,
        threads.stream().filter(OWN_THREAD.asMatchPredicate()).count(),
        threads.size());
  }

  private static String ask(LibertyServer server, String command) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes());
  }
}
