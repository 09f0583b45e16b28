package org.smg.history.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.smg.history.storage.jpa.PostgresServer;

/**
 * The database's own limit: PostgreSQL's {@code pgbench} runs the statements that the history runs,
 * with as many clients.
 */
final class Pgbench implements Limit {

  /** A line of its log has, third, the time of one transaction in microseconds. */
  private static final int LATENCY_COLUMN = 2;

  private static final String PROGRAM = "pgbench";
  private static final long NANOS_PER_MICRO = 1000;

  private final PostgresServer server;
  private final String database;
  private final Path script;

  Pgbench(PostgresServer server, String database, String name, String script) throws IOException {
    this.server = server;
    this.database = database;
    Path folder = Files.createDirectories(Path.of(System.getProperty("work"), "pgbench"));
    this.script = Files.writeString(folder.resolve(name + ".sql").toAbsolutePath(), script);
  }

  /** Whether the program is on the path. */
  static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, PROGRAM)));
  }

  @Override
  public Measurement run(List<List<Request>> requests, Duration duration)
      throws IOException, InterruptedException {
    Path logs = Files.createTempDirectory(script.getParent(), "log");
    Path output = logs.resolve("output");
    Process process =
        new ProcessBuilder(
                PROGRAM,
                "--no-vacuum",
                "--protocol=prepared",
                "--log",
                "--file=" + script,
                "--client=" + requests.size(),
                "--jobs=" + Math.min(2, requests.size()),
                "--time=" + duration.toSeconds(),
                "--host=localhost",
                "--port=" + server.port(),
                "--username=postgres",
                database)
            .directory(logs.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(output));
    }
    Latencies latencies = new Latencies();
    try (Stream<Path> files = Files.list(logs)) {
      for (Path file : files.filter(path -> !path.equals(output)).toList()) {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            latencies.add(Long.parseLong(line.split(" ")[LATENCY_COLUMN]) * NANOS_PER_MICRO);
          }
        }
      }
    }
    try (Stream<Path> files = Files.walk(logs)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    return new Measurement(
        latencies.count() / (double) duration.toSeconds(),
        latencies.millis(0.5),
        latencies.millis(0.99));
  }
}
