package org.smg.history.model;

import java.time.Instant;

/**
 * What a user thought of one response. Fields that nobody gave are null.
 *
 * @param owner who gave it, by the caller's credentials
 * @param conversationId the response's conversation, taken over from the response when stored
 * @param model the response's model, taken over likewise
 * @param author who gave it, by the application's own word
 * @param createdAt lists are in the order of creation, then of ids
 */
public record Feedback(
    Key key,
    String owner,
    String responseId,
    String conversationId,
    String model,
    Rating rating,
    String comment,
    String author,
    Metadata metadata,
    Instant createdAt) {

  /** The same feedback with what it takes over from its response. */
  public Feedback about(StoredResponse response) {
    return about(response.conversationId(), response.model());
  }

  /**
   * The same feedback with what it takes over from its response: the conversation and the model.
   */
  public Feedback about(String takenConversationId, String takenModel) {
    return new Feedback(
        key,
        owner,
        responseId,
        takenConversationId,
        takenModel,
        rating,
        comment,
        author,
        metadata,
        createdAt);
  }
}
