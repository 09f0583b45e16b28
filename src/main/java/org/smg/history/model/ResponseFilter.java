package org.smg.history.model;

/**
 * Which responses are listed: those that meet all of it. A null lets everything pass.
 *
 * @param metadata labels that must be there with these values
 * @param created when the model server made them
 */
public record ResponseFilter(
    String model,
    ResponseStatus status,
    String conversationId,
    String safetyIdentifier,
    String user,
    Metadata metadata,
    TimeRange created) {

  public boolean includes(StoredResponse response) {
    return (model == null || model.equals(response.model()))
        && (status == null || status == response.status())
        && (conversationId == null || conversationId.equals(response.conversationId()))
        && (safetyIdentifier == null || safetyIdentifier.equals(response.safetyIdentifier()))
        && (user == null || user.equals(response.user()))
        && response.metadata().includes(metadata)
        && created.includes(response.createdAt());
  }
}
