package org.smg.history.wartests.kill;

import java.util.Optional;

/**
 * What became of a turn.
 *
 * @param acknowledged empty if the turn is not known to be stored
 * @param otherwise what was answered instead, for people
 */
record Reply(Optional<Acknowledged> acknowledged, String otherwise) {

  static Reply of(Acknowledged acknowledged) {
    return new Reply(Optional.of(acknowledged), "");
  }

  static Reply without(String otherwise) {
    return new Reply(Optional.empty(), otherwise);
  }
}
