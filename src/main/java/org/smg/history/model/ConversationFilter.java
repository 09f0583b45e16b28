package org.smg.history.model;

/**
 * Which conversations are listed: those that meet all of it.
 *
 * @param metadata labels that must be there with these values
 * @param created when they were made
 */
public record ConversationFilter(Metadata metadata, TimeRange created) {

  public boolean includes(Conversation conversation) {
    return conversation.metadata().includes(metadata) && created.includes(conversation.createdAt());
  }
}
