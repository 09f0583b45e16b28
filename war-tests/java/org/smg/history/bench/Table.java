package org.smg.history.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints what came out. */
final class Table {

  /** One scenario's outcome. */
  record Row(Scenario scenario, int connections, Measurement history, Measurement limit) {

    double ratio() {
      return history.perSecond() / limit.perSecond();
    }
  }

  private static final String HEAD = "%-24s %5s | %9s %8s %8s | %9s %8s %8s | %5s %5s%n";
  private static final String ROW =
      "%-24s %5d | %9.0f %8.2f %8.2f | %9.0f %8.2f %8.2f | %5.2f %5s%n";

  private Table() {}

  static void print(PrintStream out, List<Row> rows) {
    out.printf(HEAD, "", "", "history", "", "", "limit", "", "", "", "");
    out.printf(
        HEAD,
        "scenario",
        "conn.",
        "req/s",
        "p50 ms",
        "p99 ms",
        "req/s",
        "p50 ms",
        "p99 ms",
        "ratio",
        "aim");
    for (Row row : rows) {
      double aim = row.scenario().aim();
      out.printf(
          Locale.ROOT,
          ROW,
          row.scenario().name(),
          row.connections(),
          row.history().perSecond(),
          row.history().p50Millis(),
          row.history().p99Millis(),
          row.limit().perSecond(),
          row.limit().p50Millis(),
          row.limit().p99Millis(),
          row.ratio(),
          Double.isNaN(aim) ? "-" : Double.toString(aim));
    }
  }
}
