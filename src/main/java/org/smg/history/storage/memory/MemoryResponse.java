package org.smg.history.storage.memory;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Scope;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.memory.DueQueue.Ticket;
import org.smg.history.storage.memory.Eviction.Candidate;
import org.smg.history.storage.memory.ItemIndex.Held;

/** One response with its own hold on its items, and the ids of its feedback. */
final class MemoryResponse {

  private final List<Held> input;
  private final Candidate candidate;
  private volatile StoredResponse description;
  private volatile List<Held> output;
  private String token;
  private final List<String> feedbackIds = new ArrayList<>(0);
  private boolean deleted;
  private volatile Ticket<MemoryResponse> ticket;

  MemoryResponse(
      StoredResponse description, List<Held> input, List<Held> output, Candidate candidate) {
    this.candidate = candidate;
    this.description = description;
    this.input = input;
    this.output = output;
  }

  /** Its place in lists; it stays when a run is finished. */
  static OrderedIndex.Place place(StoredResponse response) {
    return new OrderedIndex.Place(response.createdAt(), response.recordedAt(), response.key().id());
  }

  /** A response that is still being made, and has no output yet. */
  static MemoryResponse inProgress(
      StoredResponse prompt, List<Held> input, Candidate candidate, String token) {
    MemoryResponse made = new MemoryResponse(prompt, input, List.of(), candidate);
    made.token = token;
    return made;
  }

  /**
   * Whether it is being made under this token. To be used inside {@link #exclusively} alone where
   * it matters that it stays so.
   */
  boolean isMadeBy(String run) {
    return run.equals(token);
  }

  /** It has been made. To be used inside {@link #exclusively} alone. */
  void finish(StoredResponse made, List<Held> answered) {
    description = made;
    output = answered;
    token = null;
  }

  Candidate candidate() {
    return candidate;
  }

  /** Its place among all that may become due, or null where nothing does. */
  Ticket<MemoryResponse> ticket() {
    return ticket;
  }

  void queuedAs(Ticket<MemoryResponse> place) {
    ticket = place;
  }

  StoredResponse description() {
    return description;
  }

  boolean isIn(Scope scope) {
    return scope.includes(description.owner());
  }

  List<Held> input() {
    return input;
  }

  List<Held> output() {
    return output;
  }

  /** To be used inside {@link #exclusively} alone. */
  List<String> feedbackIds() {
    return feedbackIds;
  }

  /**
   * Runs a step while nobody deletes the response.
   *
   * @throws HistoryFailure.NotFound if it was deleted meanwhile
   */
  synchronized <T> T exclusively(Supplier<T> step) {
    if (deleted) {
      throw HistoryFailure.NotFound.response(description.key().id());
    }
    return step.get();
  }

  synchronized void forget(String feedbackId) {
    feedbackIds.remove(feedbackId);
  }

  /** When it was recorded, in microseconds since 1970. */
  long recordedAt() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, description.recordedAt());
  }

  /** Ends the response; its feedback is the caller's to remove. */
  synchronized List<String> delete() {
    deleted = true;
    return List.copyOf(feedbackIds);
  }
}
