package org.smg.history.wartests.kill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file with a line for each round that was verified. Who is interrupted goes on with the rounds
 * that are missing.
 */
final class KillLedger {

  private static final Pattern LINE =
      Pattern.compile("seed (-?\\d+) server (\\d+) database (\\d+) model (\\d+) turns (\\d+)");

  private final Path file;

  KillLedger(Path file) {
    this.file = file;
  }

  void add(long seed, KillRound.Outcome outcome) throws IOException {
    String line =
        "seed %d server %d database %d model %d turns %d%n"
            .formatted(
                seed,
                outcome.kills().getOrDefault(Victim.Kind.SERVER, 0),
                outcome.kills().getOrDefault(Victim.Kind.DATABASE, 0),
                outcome.kills().getOrDefault(Victim.Kind.MODEL, 0),
                outcome.turns());
    Files.writeString(file, line, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  long kills() throws IOException {
    return sum(2) + sum(3) + sum(4);
  }

  long killsOfServers() throws IOException {
    return sum(2);
  }

  /** All rounds together, for people. */
  String total() throws IOException {
    return "%d kills: %d of a server, %d of the database, %d of the model server; %d turns acknowledged"
        .formatted(kills(), sum(2), sum(3), sum(4), sum(5));
  }

  private long sum(int field) throws IOException {
    List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
    return lines.stream()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(field)))
        .sum();
  }
}
