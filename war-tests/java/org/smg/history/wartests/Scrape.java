package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.wartests.Fixtures.stored;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a server shows to Prometheus.
 *
 * @param types of the metrics, by name
 * @param values by series, such as {@code name{label="value"}}, with the labels sorted
 */
record Scrape(Map<String, String> types, Map<String, Double> values) {

  static final String PATH = "/v1/metrics";

  /** The types whose values never become less while a server runs. */
  private static final Set<String> COUNTING = Set.of("counter", "histogram", "summary");

  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? ([-+.\\deE]+|NaN|[-+]Inf)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  static Scrape of(Http http) {
    return parse(stored(http.get(PATH)).text());
  }

  static Scrape parse(String text) {
    Map<String, String> types = new TreeMap<>();
    Map<String, Double> values = new TreeMap<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ");
        assertThat(types.put(words[2], words[3])).as(line).isNull();
      } else if (!line.startsWith("#")) {
        Matcher sample = LINE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        String series = series(sample.group(1), labels(sample.group(2)));
        assertThat(values.put(series, Double.valueOf(sample.group(3)))).as(line).isNull();
      }
    }
    return new Scrape(types, values);
  }

  private static TreeMap<String, String> labels(String text) {
    TreeMap<String, String> labels = new TreeMap<>();
    if (text != null) {
      Matcher label = LABEL.matcher(text);
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    return labels;
  }

  private static String series(String name, TreeMap<String, String> labels) {
    return labels.isEmpty()
        ? name
        : labels.entrySet().stream()
            .map(label -> "%s=\"%s\"".formatted(label.getKey(), label.getValue()))
            .collect(Collectors.joining(",", name + "{", "}"));
  }

  /**
   * The value of a series; 0 if nothing has happened that it counts.
   *
   * @param labels in the order of their names, such as {@code method="GET",path="other"}
   */
  double value(String name, String labels) {
    return values.getOrDefault(labels.isEmpty() ? name : name + "{" + labels + "}", 0.0);
  }

  double value(String name) {
    return value(name, "");
  }

  /** The sum of all series of a name. */
  double sum(String name) {
    return values.entrySet().stream()
        .filter(value -> name(value.getKey()).equals(name))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** What has been added since an earlier one, by series; of counters and histograms. */
  Map<String, Double> since(Scrape earlier) {
    Map<String, Double> more = new TreeMap<>();
    values.forEach(
        (series, value) -> {
          double added = value - earlier.values.getOrDefault(series, 0.0);
          if (added != 0) {
            more.put(series, added);
          }
        });
    return more;
  }

  /** Fails if anything that is counted has become less than in an earlier one, or has gone. */
  void assertCountsOnFrom(Scrape earlier) {
    Map<String, Double> counts = new TreeMap<>(earlier.values);
    counts.keySet().removeIf(series -> !COUNTING.contains(earlier.types.get(metric(series))));
    assertThat(counts).isNotEmpty();
    counts.forEach(
        (series, value) ->
            assertThat(values.get(series)).as(series).isNotNull().isGreaterThanOrEqualTo(value));
  }

  /** The names of the labels of a metric, without the bounds of buckets. */
  Set<String> labelNames(String metric) {
    Set<String> names = new TreeSet<>();
    values
        .keySet()
        .forEach(
            series -> {
              if (metric(series).equals(metric) && series.contains("{")) {
                names.addAll(labels(series.substring(series.indexOf('{') + 1)).keySet());
              }
            });
    names.removeAll(Set.of("le", "quantile"));
    return names;
  }

  /** The values that a label has anywhere. */
  Set<String> labelValues(String label) {
    Set<String> found = new TreeSet<>();
    values
        .keySet()
        .forEach(
            series -> {
              if (series.contains("{")) {
                String value = labels(series.substring(series.indexOf('{') + 1)).get(label);
                if (value != null) {
                  found.add(value);
                }
              }
            });
    return found;
  }

  /** Whether there is a sample of the metric. */
  boolean has(String metric) {
    return values.keySet().stream().anyMatch(series -> metric(series).equals(metric));
  }

  private String metric(String series) {
    String name = name(series);
    String base = name.replaceFirst("_(bucket|sum|count)$", "");
    return types.containsKey(name) ? name : base;
  }

  private static String name(String series) {
    int labels = series.indexOf('{');
    return labels < 0 ? series : series.substring(0, labels);
  }
}
