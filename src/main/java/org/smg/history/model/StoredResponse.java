package org.smg.history.model;

import java.time.Instant;

/**
 * The complete record of one model call, with what it can be filtered by. Fields that the model
 * server did not give are null.
 *
 * @param owner who recorded it, or null while callers are anonymous
 * @param recordedAt when it was recorded here; retention counts from here
 * @param createdAt when the model server made it; lists are in this order, then in that of
 *     recording, then of ids
 * @param conversationId the conversation it was made in
 * @param previousResponseId the one before it in its chain, which need not be stored
 * @param fingerprint tells a repeated recording from a different one
 * @param json the Response object, as a retrieval answers it
 */
public record StoredResponse(
    Key key,
    String owner,
    Instant recordedAt,
    Instant createdAt,
    Instant completedAt,
    ResponseStatus status,
    String model,
    String conversationId,
    String previousResponseId,
    String safetyIdentifier,
    String user,
    TokenUsage usage,
    Metadata metadata,
    String fingerprint,
    JsonText json) {

  /** Whether the model call has ended, well or not. */
  public boolean isFinished() {
    return status != ResponseStatus.IN_PROGRESS;
  }
}
