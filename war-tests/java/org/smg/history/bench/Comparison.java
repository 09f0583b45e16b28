package org.smg.history.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One scenario, measured in rounds: the limit, then the history. */
final class Comparison {

  private final Scenario scenario;
  private final int connections;
  private final Load load;
  private final Limit limit;
  private final List<Measurement> history = new ArrayList<>();
  private final List<Measurement> possible = new ArrayList<>();

  Comparison(Scenario scenario, int connections, Load load, Limit limit) {
    this.scenario = scenario;
    this.connections = connections;
    this.load = load;
    this.limit = limit;
  }

  /** Measures both, each for as long as given. */
  void round(Duration each) throws IOException, InterruptedException {
    List<List<Request>> requests = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      requests.add(scenario.preparation().requests(load));
    }
    possible.add(limit.run(requests, each));
    history.add(load.run(requests, each));
  }

  /** Forgets the rounds so far, which were for warming up. */
  void forget() {
    history.clear();
    possible.clear();
  }

  Table.Row row() {
    return new Table.Row(
        scenario, connections, Measurement.median(history), Measurement.median(possible));
  }
}
