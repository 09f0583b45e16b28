package org.smg.history.bench;

import java.io.IOException;
import java.util.List;

/**
 * One kind of use that is measured.
 *
 * @param aim the part of the limit's throughput that it should reach; NaN where none is set
 */
record Scenario(String name, double aim, Preparation preparation) {

  /** Stores what the requests of one connection need, and makes these requests. */
  interface Preparation {
    List<Request> requests(Load load) throws IOException;
  }

  /** The same, with another aim. */
  Scenario aimingAt(double part) {
    return new Scenario(name, part, preparation);
  }
}
