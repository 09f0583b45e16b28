package org.smg.history.storage;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A horizon that tests move as they like. */
public final class SettableHorizon implements Horizon {

  /** Nothing is due yet, but may be later. */
  private static final long FIRST = Long.MIN_VALUE + 1;

  private volatile long conversations = FIRST;
  private volatile long responses = FIRST;

  @Override
  public long conversations() {
    return conversations;
  }

  @Override
  public long responses() {
    return responses;
  }

  /** What is from before these times is due. */
  public void set(Instant ofConversations, Instant ofResponses) {
    conversations = micros(ofConversations);
    responses = micros(ofResponses);
  }

  /** Nothing is due any more. */
  public void clear() {
    conversations = FIRST;
    responses = FIRST;
  }

  boolean isDueConversation(Instant updated) {
    return micros(updated) < conversations;
  }

  boolean isDueResponse(Instant recorded) {
    return micros(recorded) < responses;
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
