package org.smg.history.model;

/**
 * Which feedback is listed: what meets all of it. A null lets everything pass.
 *
 * @param created when it was given
 */
public record FeedbackFilter(
    Rating rating,
    String responseId,
    String conversationId,
    String model,
    String author,
    TimeRange created) {

  public boolean includes(Feedback feedback) {
    return (rating == null || rating == feedback.rating())
        && (responseId == null || responseId.equals(feedback.responseId()))
        && (conversationId == null || conversationId.equals(feedback.conversationId()))
        && (model == null || model.equals(feedback.model()))
        && (author == null || author.equals(feedback.author()))
        && created.includes(feedback.createdAt());
  }
}
