package org.smg.history.wartests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A row of the list of metrics in src/docs/metrics.md.
 *
 * @param backends with which it is there; empty for all
 */
record DocumentedMetric(String name, String type, Set<String> labels, Set<String> backends) {

  private static final Path DOCUMENT = Path.of("src/docs/metrics.md");

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|([^|]*)\\|([^|]*)\\|[^|]+\\|$");

  private static final Pattern WORD = Pattern.compile("`(\\w+)`");

  private static final Pattern NAME = Pattern.compile("\\b(?:smg|history|jvm)_[a-z_]+[a-z]\\b");

  static List<DocumentedMetric> all() {
    return ROW.matcher(read(DOCUMENT))
        .results()
        .map(row -> new DocumentedMetric(row.group(1), row.group(2), words(row, 3), words(row, 4)))
        .toList();
  }

  private static Set<String> words(MatchResult row, int cell) {
    return WORD.matcher(row.group(cell))
        .results()
        .map(word -> word.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The metric of a name, or of a part of a histogram. */
  static DocumentedMetric of(String name) {
    List<String> possible = Arrays.asList(name, name.replaceFirst("_(bucket|sum|count)$", ""));
    return all().stream()
        .filter(metric -> possible.contains(metric.name()))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in " + DOCUMENT));
  }

  /** All metrics that a file names. */
  static List<String> namedIn(String file) {
    return NAME.matcher(read(Path.of(file))).results().map(MatchResult::group).distinct().toList();
  }

  boolean isWith(String backend) {
    return backends.isEmpty() || backends.contains(backend);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
