package org.smg.history.wartests.model;

import java.time.Duration;
import java.util.List;

/**
 * How fast a model answers.
 *
 * @param first until the first event, or the whole answer if it is not a stream
 * @param fewest how many pieces the shortest text has
 * @param most how many the longest has; how many a text has depends on its prompt alone
 * @param between from one piece to the next, in a stream
 */
public record Pace(Duration first, int fewest, int most, Duration between) {

  /** For the command line. */
  List<String> arguments() {
    return List.of(
        Long.toString(first.toMillis()),
        Integer.toString(fewest),
        Integer.toString(most),
        Long.toString(between.toMillis()));
  }

  static Pace of(List<String> arguments) {
    return new Pace(
        Duration.ofMillis(Long.parseLong(arguments.get(0))),
        Integer.parseInt(arguments.get(1)),
        Integer.parseInt(arguments.get(2)),
        Duration.ofMillis(Long.parseLong(arguments.get(3))));
  }
}
