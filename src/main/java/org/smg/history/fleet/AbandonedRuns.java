package org.smg.history.fleet;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.smg.history.json.FailedResponse;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.ResponseStatus;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.model.Turn;
import org.smg.history.storage.RunStore;
import org.smg.history.storage.RunStore.Abandoned;

/** Runs of servers that are gone, and how they end. */
final class AbandonedRuns {

  /** The code of the error in such a response. */
  static final String SERVER_LOST = "server_lost";

  private static final String MESSAGE =
      "The server that made this response stopped before the answer was complete.";

  private final RunStore runs;
  private final String server;

  /**
   * @param server the name of this one
   */
  AbandonedRuns(RunStore runs, String server) {
    this.runs = runs;
    this.server = server;
  }

  /**
   * @param limit how many at most
   */
  List<Abandoned> find(int limit) {
    return runs.abandoned(limit);
  }

  /**
   * Ends a run as failed; its conversation gets nothing, and can go on.
   *
   * @return empty if somebody else has ended it
   */
  Optional<StoredResponse> end(Abandoned run) {
    StoredResponse failed = failed(run.prompt());
    try {
      return Optional.of(
          runs.finish(
              Scope.ofTenant(failed.key().tenant()),
              run.token(),
              new Turn(failed, List.of(), List.of()),
              Instant.now().truncatedTo(ChronoUnit.MICROS)));
    } catch (HistoryFailure.RunEnded meanwhile) {
      return Optional.empty();
    }
  }

  /** The fingerprint tells apart who has ended it: each end is told of once. */
  private StoredResponse failed(StoredResponse prompt) {
    return new StoredResponse(
        prompt.key(),
        prompt.owner(),
        prompt.recordedAt(),
        prompt.createdAt(),
        prompt.completedAt(),
        ResponseStatus.FAILED,
        prompt.model(),
        prompt.conversationId(),
        prompt.previousResponseId(),
        prompt.safetyIdentifier(),
        prompt.user(),
        prompt.usage(),
        prompt.metadata(),
        "ended by " + server,
        FailedResponse.of(prompt.json(), SERVER_LOST, MESSAGE));
  }
}
